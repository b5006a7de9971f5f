using System.Text.Json;
using StellarPay.Sandbox.Network;

namespace StellarPay.Sandbox.Horizon.Http;

/// <summary>Reads the parameters of a list once; null where the request has a problem.</summary>
internal delegate FetchPage? PlanPage(HorizonRequest request);

/// <summary>Finds what a request asks for; null where the request has a problem.</summary>
internal delegate Action<Utf8JsonWriter>? FindObject(HorizonRequest request);

/// <summary>How endpoints are mapped: what they share is here, what they differ in is a delegate.</summary>
internal static class HorizonRoutes
{
    /// <summary>A list that pages over history, and streams.</summary>
    public static void MapHistoryPage(this IEndpointRouteBuilder routes, string pattern, PlanPage plan) =>
        MapPage(routes, pattern, plan, checkCursor: true, streams: true);

    /// <summary>A list that pages over the present state.</summary>
    public static void MapStatePage(
        this IEndpointRouteBuilder routes, string pattern, PlanPage plan, bool streams = false) =>
        MapPage(routes, pattern, plan, checkCursor: false, streams);

    public static void MapObject(
        this IEndpointRouteBuilder routes, string pattern, FindObject find, bool streams = false) =>
        routes.MapGet(pattern, async (HttpContext http, SandboxNetwork network) =>
        {
            var request = HorizonPipeline.RequestOf(http, network);
            if (streams && request.WantsStream)
            {
                await HorizonStreams.ObjectAsync(request, find);
            }
            else if (find(request) is { } write && request.Problem is null)
            {
                await HorizonAnswer.ObjectAsync(request, write);
            }
            else
            {
                await HorizonAnswer.ProblemAsync(http, request.Problem ?? HorizonProblem.NotFound);
            }
        });

    private static void MapPage(
        IEndpointRouteBuilder routes, string pattern, PlanPage plan, bool checkCursor, bool streams) =>
        routes.MapGet(pattern, async (HttpContext http, SandboxNetwork network) =>
        {
            var request = HorizonPipeline.RequestOf(http, network);
            var page = request.Page(checkCursor);
            var fetch = plan(request);
            if (request.Problem is { } problem)
            {
                await HorizonAnswer.ProblemAsync(http, problem);
            }
            else if (fetch is null)
            {
                await HorizonAnswer.ProblemAsync(http, HorizonProblem.NotFound);
            }
            else if (streams && request.WantsStream)
            {
                await HorizonStreams.PageAsync(request, page, fetch);
            }
            else
            {
                await HorizonAnswer.PageAsync(request, page, fetch(page));
            }
        });
}
