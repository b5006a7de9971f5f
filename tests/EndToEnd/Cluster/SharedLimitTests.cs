using System.Collections.Concurrent;
using System.Net;
using StellarPay.Demo;

namespace StellarPay.EndToEnd.Tests.Cluster;

/// <summary>A user's limit, by two front doors of a cluster with two silos, each a process of its own.</summary>
[Collection(typeof(SharedCluster))]
public sealed class SharedLimitTests(ClusterDeployment cluster)
{
    private const int Connections = 50;
    private const int EachAsks = 3;

    // The default.
    private const int LookUpsAMinute = 60;

    [Fact]
    public async Task Limits_raced_from_fifty_connections_through_two_doors_hold_in_all()
    {
        await using var curious = await cluster.SignUpAsync("curious");
        Uri[] doors = [cluster.FrontDoor, cluster.SecondDoor];
        var answers = new ConcurrentBag<HttpStatusCode>();
        // Each has its part, however cold it is.
        foreach (var door in doors)
        {
            using var api = new ApiClient(door) { AccessToken = curious.Api.AccessToken };
            (await AskAsync(api, $"nobody-{door.Port}@example.com")).ShouldBe(HttpStatusCode.UnprocessableEntity);
        }

        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async n =>
        {
            using var api = new ApiClient(doors[n % doors.Length]) { AccessToken = curious.Api.AccessToken };
            for (var i = 0; i < EachAsks; i++)
            {
                answers.Add(await AskAsync(api, $"nobody-{n}-{i}@example.com"));
            }
        }));

        var let = LookUpsAMinute - doors.Length;
        answers.Count(status => status == HttpStatusCode.UnprocessableEntity).ShouldBe(let);
        answers.Count(status => status == HttpStatusCode.TooManyRequests).ShouldBe((Connections * EachAsks) - let);
    }

    private static async Task<HttpStatusCode> AskAsync(ApiClient api, string recipient) =>
        (await api.PostAsync("/v1/payments", new { recipient, asset = "USDC", amount = "1" })).Status;
}
