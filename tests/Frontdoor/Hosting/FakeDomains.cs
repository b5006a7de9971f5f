using System.Collections.Concurrent;
using System.Net;

namespace StellarPay.Frontdoor.Tests.Hosting;

/// <summary>Domains with federation servers, as a test says. What it does not name is out of reach.</summary>
internal sealed class FakeDomains : HttpMessageHandler
{
    private readonly ConcurrentDictionary<string, string> _answers = new(StringComparer.Ordinal);

    public ConcurrentQueue<Uri> Requests { get; } = [];

    /// <summary>A domain that answers each question with the same JSON, or with 404 for null.</summary>
    public void Set(string domain, string? answer)
    {
        _answers[$"https://{domain}/.well-known/stellar.toml"] = $"FEDERATION_SERVER=\"https://api.{domain}/federation\"";
        _answers[$"https://api.{domain}/federation"] = answer ?? "";
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request.RequestUri!);
        return !_answers.TryGetValue(request.RequestUri!.GetLeftPart(UriPartial.Path), out var answer)
            ? Task.FromException<HttpResponseMessage>(new HttpRequestException("There is no such host."))
            : Task.FromResult(new HttpResponseMessage(answer.Length > 0 ? HttpStatusCode.OK : HttpStatusCode.NotFound)
            {
                Content = new StringContent(answer),
            });
    }
}
