using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Errors;

namespace StellarPay.Frontdoor.Health;

/// <summary>Whether this process lives, and whether it can do its work.</summary>
internal static class HealthApi
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Health");
        health.MapGet("/live", () => TypedResults.Ok(new HealthJson("live", null))).WithSummary("The process answers");
        health.MapGet("/ready", ReadyAsync).WithSummary("Database, silo and network answer too");
    }

    private static async Task<Results<Ok<HealthJson>, Problem>> ReadyAsync(
        Readiness readiness, CancellationToken cancellationToken)
    {
        var checks = await readiness.CheckAsync(cancellationToken);
        var troubled = checks.Where(check => check.Value != Readiness.Fine).ToArray();
        var failed = troubled.Where(check => check.Key is not (Readiness.Incoming or Readiness.Events))
            .Select(check => $"{check.Key}: {check.Value}").ToArray();
        return failed.Length == 0
            ? TypedResults.Ok(new HealthJson(troubled.Length == 0 ? "ready" : "degraded", checks))
            : Problem.Unavailable("not_ready", $"Not ready. {string.Join("; ", failed)}.");
    }
}

/// <summary>How this process is.</summary>
/// <param name="Status"><c>live</c>, <c>ready</c>, or <c>degraded</c>: it answers, but an operator is needed.</param>
/// <param name="Checks">What was looked at, and how it is.</param>
internal sealed record HealthJson(string Status, IReadOnlyDictionary<string, string>? Checks);
