using System.Net;

namespace StellarPay.Adapters.Rates;

/// <summary>One question to somebody's server that tells rates.</summary>
internal sealed class HttpRateAsking(HttpRateOptions options, HttpClient http, TimeSpan timeout, TimeProvider time)
{
    private readonly RatePath? _timePath = options.TimePath is { } path ? RatePath.Parse(path) : null;

    /// <summary>What it tells, and how old that is by what it says.</summary>
    /// <exception cref="RateSourceException">It told none.</exception>
    public async Task<(decimal Dollars, TimeSpan Age)> AskAsync(Uri url, RatePath path, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            // Reads no more of the body than the client allows.
            using var answer = await http.GetAsync(url, either.Token);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                throw new RateSourceException($"It answered {(int)answer.StatusCode}.") { IsOfName = IsOfName(answer.StatusCode) };
            }

            using var document = RateDocument.Parse(await answer.Content.ReadAsByteArrayAsync(either.Token));
            return (
                RateDocument.DollarsOf(document.RootElement, path, options.PerDollar),
                _timePath is null ? TimeSpan.Zero : RateDocument.AgeOf(document.RootElement, _timePath, time.GetUtcNow()));
        }
        catch (HttpRequestException exception)
        {
            // Without the message: it may name the URL, and that may hold a key.
            var isTooLong = exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded;
            throw new RateSourceException(isTooLong ? "Its answer is too long." : "It cannot be reached.", exception) { IsOfName = isTooLong };
        }
        catch (OperationCanceledException exception)
        {
            throw new RateSourceException("It took too long.", exception);
        }
    }

    // A key that is refused, too many questions and a broken server are the source's; the rest is what it says to this question.
    private static bool IsOfName(HttpStatusCode status) =>
        status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.UnprocessableEntity;
}
