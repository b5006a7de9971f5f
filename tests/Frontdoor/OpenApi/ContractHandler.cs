using System.Net;
using System.Text;
using System.Text.Json;

namespace StellarPay.Frontdoor.Tests.OpenApi;

/// <summary>Holds all that the tests send and are answered to the API's description: what differs fails the test that saw it.</summary>
internal sealed class ContractHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const string DocumentPath = "/openapi/v1.json";

    // Made from the code, so the same for all front doors of a test program.
    private static Contract? _contract;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var response = await base.SendAsync(request, cancellationToken);
        var path = request.RequestUri!.AbsolutePath;
        if (path.StartsWith("/v1/", StringComparison.Ordinal) || path.StartsWith("/health/", StringComparison.Ordinal))
        {
            // Read by whoever comes first to a front door that shows it: what failed is asked for again.
            var contract = _contract ??= await ReadAsync(request.RequestUri);
            if (contract?.Find(request.Method.Method, path) is { } endpoint)
            {
                await CheckAsync(contract, endpoint, sent, response, cancellationToken);
            }
        }

        return response;
    }

    private static async Task CheckAsync(
        Contract contract, string endpoint, byte[] sent, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        // An answer that is encoded, or a stream that does not end, is another test's matter.
        if (response.Content.Headers.ContentEncoding.Count > 0 || response.StatusCode == HttpStatusCode.SwitchingProtocols
            || response.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            return;
        }

        await response.Content.LoadIntoBufferAsync(cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var violations = contract
            .OfAnswer(endpoint, (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, body)
            .Concat(response.IsSuccessStatusCode && sent.Length > 0
                ? contract.OfRequest(endpoint, JsonDocument.Parse(sent).RootElement)
                : [])
            .ToArray();
        violations.ShouldBeEmpty($"The API's description does not say so: {Encoding.UTF8.GetString(body)}");
    }

    // Null where a front door serves nothing in clear.
    private async Task<Contract?> ReadAsync(Uri door)
    {
        using var question = new HttpRequestMessage(HttpMethod.Get, new Uri(door, DocumentPath));
        using var answer = await base.SendAsync(question, CancellationToken.None);
        return answer.StatusCode == HttpStatusCode.Forbidden ? null
            : new Contract(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(CancellationToken.None));
    }
}
