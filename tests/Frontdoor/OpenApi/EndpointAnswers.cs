using System.Text.Json.Nodes;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Rights;

namespace StellarPay.Frontdoor.Tests.OpenApi;

/// <summary>What every endpoint answers to whom it is for, asked once for all tests that look at it.</summary>
public sealed class EndpointAnswers : WholeHost
{
    // They answer about a deposit, an operation or a halt of which there is none in this small world, or refuse what was done for each
    // of its people before. What they answer otherwise is a payment, a wallet or a list that another endpoint answers, too.
    private static readonly string[] NothingThere =
    [
        "POST /v1/wallet/friendbot", "POST /v1/admin/network/resume",
        "POST /v1/payments/{id}/reclaim", "POST /v1/admin/suspense/{id}/assign", "POST /v1/admin/suspense/{id}/return",
        "POST /v1/admin/suspense/{id}/keep", "POST /v1/admin/parked-operations/{token}/retry",
        "POST /v1/admin/parked-operations/{token}/close",
        "POST /v1/admin/set-aside-rows/{id}/retry", "POST /v1/admin/set-aside-rows/{id}/close",
    ];

    /// <summary>The answers in JSON, with what was asked.</summary>
    internal IReadOnlyList<EndpointAnswer> All { get; private set; } = [];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        All = await AskAsync();
    }

    private async Task<List<EndpointAnswer>> AskAsync()
    {
        var payee = await SignUpAsync();
        var subject = await SignUpAsync();
        var admin = await NewAdminAsync();
        var (reader, ruled) = (await NewPersonAsync(payee), await (await NewPersonAsync(payee)).WithReceiptsAsync());
        var refunder = await (await NewPersonAsync(payee)).WithMoneyAsync(this);
        var answers = new List<EndpointAnswer>();
        foreach (var endpoint in RightsPage.Rows().Select(row => row.Endpoint)
            .Where(endpoint => endpoint.Split(' ')[1].StartsWith("/v1/", StringComparison.Ordinal) && !NothingThere.Contains(endpoint)))
        {
            var isAdmins = endpoint.Contains(" /v1/admin/", StringComparison.Ordinal);
            var owner = isAdmins ? ruled : HasBeenPaid(endpoint) ? refunder : Decides(endpoint) ? await NewPersonAsync(payee) : reader;
            var call = new EndpointCall(owner, isAdmins ? ruled.Api : subject, await SignUpAsync(), Clock.GetUtcNow());
            var request = await PreparedAsync(endpoint, owner, call);
            var body = request.Content is { } content ? await content.ReadAsStringAsync() : null;
            var target = request.RequestUri!.OriginalString;
            var answer = await (isAdmins ? admin : owner.Api).SendAsync(request);
            if (answer.ContentHeaders.ContentType?.MediaType == "application/json")
            {
                answers.Add(new EndpointAnswer(endpoint, target, body is null ? null : JsonNode.Parse(body), answer));
            }
        }

        return answers;
    }

    private static bool HasBeenPaid(string endpoint) =>
        endpoint.Contains(" /v1/refunds", StringComparison.Ordinal) || endpoint.Contains(" /v1/unmatched_receipts", StringComparison.Ordinal)
        || endpoint.Contains("/refund_addresses", StringComparison.Ordinal) || endpoint == "POST /v1/payment_sessions/{id}/accept";

    // What can be done once with what somebody has, or ends his session, is done by somebody else each time.
    private static bool Decides(string endpoint) =>
        endpoint.StartsWith("POST /v1/invitations/", StringComparison.Ordinal)
        || endpoint.StartsWith("POST /v1/payments/", StringComparison.Ordinal) || endpoint.StartsWith("POST /v1/schedules/", StringComparison.Ordinal)
        || endpoint.EndsWith("/{key}/revoke", StringComparison.Ordinal) || endpoint == "POST /v1/payment_sessions/{id}/cancel"
        || endpoint.StartsWith("DELETE ", StringComparison.Ordinal) || endpoint is "POST /v1/auth/logout" or "POST /v1/wallet/rotate-key";

    private async Task<Person> NewPersonAsync(Api payee) =>
        await (await Person.MakeAsync(this, await SignUpAsync(), payee)).WithBusinessAsync(this);

    private static async Task<HttpRequestMessage> PreparedAsync(string endpoint, Person owner, EndpointCall call)
    {
        if (endpoint == "POST /v1/schedules/{id}/resume")
        {
            (await owner.Api.PostAsync($"/v1/schedules/{owner.Schedule}/pause")).ShouldBeOk();
        }

        return call.Of(endpoint);
    }
}

/// <summary>What an endpoint answered, and to what.</summary>
/// <param name="Endpoint">Its method and pattern.</param>
/// <param name="Target">The path and query that were asked.</param>
/// <param name="Request">The body that was sent; null where there was none.</param>
/// <param name="Answer">What came back.</param>
internal sealed record EndpointAnswer(string Endpoint, string Target, JsonNode? Request, Answer Answer);
