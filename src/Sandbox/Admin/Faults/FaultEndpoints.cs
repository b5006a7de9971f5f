using System.Text.Json;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Horizon.Operations;
using StellarPay.Sandbox.Network;

namespace StellarPay.Sandbox.Admin.Faults;

/// <summary>Arms faults, lists those armed, disarms them.</summary>
internal static class FaultEndpoints
{
    private static readonly Dictionary<string, FaultKind> Kinds =
        Enum.GetValues<FaultKind>().ToDictionary(kind => OperationNames.SnakeCase(kind.ToString()));

    public static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/faults", (HttpContext http, SandboxNetwork network) => ListAsync(http, network));
        admin.MapPost("/faults", ArmAsync);
        admin.MapDelete("/faults", (HttpContext http, SandboxNetwork network) =>
        {
            network.Faults.Clear();
            return ListAsync(http, network);
        });
    }

    private static async Task ArmAsync(HttpContext http, SandboxNetwork network)
    {
        var body = await AdminBody.ReadAsync(http);
        var kind = body.Text("kind");
        if (kind is null || !Kinds.TryGetValue(kind, out var parsed))
        {
            parsed = default;
            body.Refuse("kind", "must be one of " + string.Join(", ", Kinds.Keys));
        }

        var count = (int)body.Number("count", 1, Fault.MaxCount, fallback: 1);
        var delay = body.Number("delay_ms", 0, 600_000, fallback: 5_000);
        var retryAfter = (int)body.Number("retry_after", 0, 3_600, fallback: 1);
        var ledgers = (uint)body.Number("ledgers", 1, RecentChanges.MaxLedgers, fallback: 2);
        var (method, path) = (body.Text("method"), body.Text("path"));
        if (body.Problem is { } problem)
        {
            await HorizonAnswer.ProblemAsync(http, problem);
            return;
        }

        var fault = network.Faults.Arm(id => new Fault(parsed, count)
        {
            Id = id,
            Method = method,
            Path = path,
            Delay = TimeSpan.FromMilliseconds(delay),
            RetryAfter = retryAfter,
            Ledgers = ledgers,
        });
        if (fault is null)
        {
            await HorizonAnswer.ProblemAsync(
                http, HorizonProblem.BadRequest($"{FaultBoard.MaxArmed} faults are armed already."));
            return;
        }

        await ListAsync(http, network);
    }

    private static Task ListAsync(HttpContext http, SandboxNetwork network) =>
        HorizonAnswer.WriteAsync(http, StatusCodes.Status200OK, "application/json", EventStream.Render(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("faults");
            foreach (var fault in network.Faults.Armed)
            {
                Write(json, fault);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }));

    private static void Write(Utf8JsonWriter json, Fault fault)
    {
        json.WriteStartObject();
        json.WriteNumber("id", fault.Id);
        json.WriteString("kind", OperationNames.SnakeCase(fault.Kind.ToString()));
        json.WriteNumber("remaining", fault.Remaining);
        json.WriteString("method", fault.Method);
        json.WriteString("path", fault.Path);
        json.WriteEndObject();
    }
}
