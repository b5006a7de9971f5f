using StellarPay.Frontdoor.Live;

namespace StellarPay.Frontdoor.Tests.Live;

/// <summary>
/// Connections of a user are shared by his sessions. The bug kept away: whoever had found one of them took all of them, and its owner saw
/// nothing of his wallet any more.
/// </summary>
public sealed class LiveConnectionsTests
{
    private const int Most = 4;

    private readonly LiveConnections _connections = new();

    [Fact]
    public async Task A_session_that_has_most_gives_way_to_another_of_the_same_user_until_both_have_as_many()
    {
        var thiefs = Enumerable.Range(0, Most).Select(n => New($"t{n}", "ses_thief")).ToArray();
        Array.ForEach(thiefs, connection => _connections.TryAdd(connection, Most).ShouldBeTrue());
        _connections.TryAdd(New("t9", "ses_thief"), Most).ShouldBeFalse();

        _connections.TryAdd(New("o0", "ses_owner"), Most).ShouldBeTrue();
        _connections.TryAdd(New("o1", "ses_owner"), Most).ShouldBeTrue();
        _connections.TryAdd(New("o2", "ses_owner"), Most).ShouldBeFalse();
        _connections.TryAdd(New("t9", "ses_thief"), Most).ShouldBeFalse();

        _connections.Of("usr_1").Select(connection => connection.Id).ShouldBe(["t2", "t3", "o0", "o1"]);
        // Those that gave way are cut off.
        foreach (var gone in thiefs[..2])
        {
            await foreach (var update in gone.ReadAfterAsync(0, TestContext.Current.CancellationToken))
            {
                update.ShouldBeNull();
            }

            _connections.Remove(gone);
        }

        _connections.Of("usr_1").Count.ShouldBe(Most);
    }

    private static LiveConnection New(string id, string session) => new(id, "usr_1", session);
}
