using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace StellarPay.Sandbox.Horizon.Http;

/// <summary>Writes answers: an object, a list, a problem.</summary>
internal static class HorizonAnswer
{
    public const string HalJson = "application/hal+json; charset=utf-8";
    private const string ProblemJson = "application/problem+json; charset=utf-8";

    public static Task ObjectAsync(HorizonRequest request, Action<Utf8JsonWriter> write, int status = 200) =>
        WriteAsync(request.Http, status, HalJson, EventStream.Render(write));

    public static Task PageAsync(HorizonRequest request, PageRequest page, IReadOnlyList<PageRecord> records) =>
        ObjectAsync(request, json =>
        {
            json.WriteStartObject();
            request.Links.WritePage(
                json, request.Http.Request, page,
                records.Count > 0 ? records[0].PagingToken : null,
                records.Count > 0 ? records[^1].PagingToken : null);
            WriteRecords(json, records);
            json.WriteEndObject();
        });

    public static void WriteRecords(Utf8JsonWriter json, IReadOnlyList<PageRecord> records)
    {
        json.WriteStartObject("_embedded");
        json.WriteStartArray("records");
        foreach (var record in records)
        {
            record.Write(json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static Task ProblemAsync(HttpContext http, HorizonProblem problem)
    {
        if (problem.RetryAfter is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return WriteAsync(http, problem.Status, ProblemJson, EventStream.Render(problem.Write));
    }

    public static async Task WriteAsync(HttpContext http, int status, string contentType, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}
