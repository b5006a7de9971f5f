using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Rights;

/// <summary>
/// Calls every endpoint of the real route table as everyone who may call, and compares with docs/rights.md. The bug kept away:
/// an endpoint that somebody forgot to guard.
/// </summary>
public sealed class RightsTests(WholeHost host) : IClassFixture<WholeHost>
{
    // Ends the session that it is called with, and what can be called with it.
    // An administrator without a factor is none, and nobody is anybody without his session.
    private static readonly string[] Last = ["DELETE /v1/me/totp", Logout];

    private const string Logout = "POST /v1/auth/logout";

    // What is refused or missing although the caller may: nothing was there to be decided.
    private static readonly string[] NothingThere =
        ["suspense_not_found", "parked_operation_not_found", "set_aside_row_not_found", "deny_entry_not_found"];

    [Fact]
    public void Every_endpoint_has_a_row_and_every_row_an_endpoint() =>
        RightsPage.Rows().Select(row => row.Endpoint).ShouldBe(Endpoints(), ignoreOrder: true);

    [Fact]
    public async Task Everybody_is_answered_as_the_table_says()
    {
        var payee = await host.SignUpAsync();
        var subject = await host.SignUpAsync();
        var admin = await host.NewAdminAsync();
        var user = await NewPersonAsync(payee);
        var frozen = await NewPersonAsync(payee);
        (await admin.PostAsync($"/v1/admin/wallets/{frozen.Api.WalletId}/freeze", new { reason = "Asked by a test" })).ShouldBeOk();
        var another = await host.SignUpAsync();
        (Api Caller, Person Owner)[] callers =
        [
            (host.Anonymous(), user), (user.Api, user), (another, user), (admin, user), (frozen.Api, frozen),
            (await host.SignUpUnconfirmedAsync(), user),
        ];

        var wrong = new List<string>();
        // The user himself comes after those who try to get at what he has.
        foreach (var at in new[] { 0, 2, 3, 4, 5, 1 })
        {
            foreach (var (endpoint, answers) in RightsPage.Rows().OrderBy(row => Array.IndexOf(Last, row.Endpoint)))
            {
                var fresh = endpoint.StartsWith("POST /v1/auth/", StringComparison.Ordinal) ? await host.SignUpAsync() : subject;
                var call = new EndpointCall(callers[at].Owner, subject, fresh, host.Clock.GetUtcNow());
                var answer = await callers[at].Caller.SendAsync(call.Of(endpoint));
                if (RightOf(answer) is var got && got != answers[at])
                {
                    wrong.Add($"{endpoint} as {RightsPage.Callers[at]}: {got}, and the table says {answers[at]} ({(int)answer.Status} {answer.Text})");
                }
            }
        }

        wrong.ShouldBeEmpty();
        // And nobody but he himself has changed anything of his.
        (await host.AuditOf(user.Api.WalletId)).ShouldBeEmpty();
    }

    private async Task<Person> NewPersonAsync(Api payee)
    {
        var person = await Person.MakeAsync(host, await host.SignUpAsync(), payee);
        return await (await person.WithBusinessAsync(host)).WithMoneyAsync(host);
    }

    private static string RightOf(Answer answer)
    {
        var code = answer.Status < HttpStatusCode.BadRequest || answer.ContentHeaders.ContentType?.MediaType != "application/json"
            ? null
            : answer.Body.GetProperty("error").GetProperty("code").GetString();
        return answer.Status switch
        {
            HttpStatusCode.Forbidden when code == "wallet_frozen" => "frozen",
            HttpStatusCode.Forbidden when code == "contact_unconfirmed" => "unconfirmed",
            HttpStatusCode.NotFound when NothingThere.Contains(code) => "yes",
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound => $"{(int)answer.Status}",
            HttpStatusCode.BadRequest when code != "websocket_required" => $"{(int)answer.Status} {code}",
            >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests => $"{(int)answer.Status} {code}",
            _ => "yes",
        };
    }

    private string[] Endpoints() =>
    [
        .. host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            // SignalR looks at the method itself.
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods
                    ?? [endpoint.RoutePattern.RawText!.EndsWith("/negotiate", StringComparison.Ordinal) ? "POST" : "GET"])
                .Where(method => method is not ("HEAD" or "OPTIONS" or "CONNECT"))
                .Select(method => $"{method} /{endpoint.RoutePattern.RawText!.Trim('/')}"))
            .Distinct(),
    ];
}
