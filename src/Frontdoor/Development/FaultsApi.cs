using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Adapters.Faults;
using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Faults;

namespace StellarPay.Frontdoor.Development;

/// <summary>Arms fault points of a silo in this process. Mapped in development only.</summary>
internal static class FaultsApi
{
    public static void MapFaults(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/dev/faults", Arm).WithTags("Development").WithSummary("Arm a fault point, once");

    private static Results<Ok<FaultJson>, Problem> Arm(FaultRequest request, ArmedFaults faults)
    {
        if (request.Point is null)
        {
            return Problem.Missing("point");
        }

        if (!FaultPoint.All.Contains(request.Point))
        {
            return Problem.Invalid("point_unknown", $"'point' must be one of {string.Join(", ", FaultPoint.All)}.", "point");
        }

        FaultAction action;
        switch (request.Action)
        {
            case "kill":
                action = FaultAction.Kill;
                break;
            case "throw":
                action = FaultAction.Throw;
                break;
            default:
                return Problem.Invalid("action_unknown", "'action' must be kill or throw.", "action");
        }

        faults.Arm(request.Point, action);
        return TypedResults.Ok(new FaultJson("fault", request.Point, request.Action));
    }
}

/// <summary>A fault to arm.</summary>
internal sealed record FaultRequest(string? Point, string? Action);

/// <summary>An armed fault.</summary>
internal sealed record FaultJson(string Object, string Point, string Action);
