using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.RequestIds;

namespace StellarPay.Frontdoor.Errors.Refusals;

/// <summary>The answer to a refused request, as it goes over the wire; the connection ends with it.</summary>
internal static class RefusalText
{
    private static readonly JsonSerializerOptions Json = NewJson();

    public static byte[] Of(int status, string requestId)
    {
        var problem = StatusProblems.Of(status);
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new ErrorBody(new ErrorDetail(problem.Type, problem.Code, problem.Message, problem.Param, requestId)), Json);
        var headers = $"HTTP/1.1 {status} {ReasonPhrases.GetReasonPhrase(status)}\r\n"
            + $"Content-Length: {body.Length}\r\nContent-Type: application/json; charset=utf-8\r\nConnection: close\r\n"
            + $"Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n{RequestIdMiddleware.Header}: {requestId}\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(headers), .. body];
    }

    private static JsonSerializerOptions NewJson()
    {
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        WireJson.Configure(json);
        return json;
    }
}
