using Npgsql;
using StellarPay.Adapters.Failures;

namespace StellarPay.Adapters.Tests.Failures;

/// <summary>
/// A mistake that counted as trouble that passes held the follower up for ever: what a wallet cannot store is parked, and
/// only what is away is waited for.
/// </summary>
public sealed class SqlStateTests
{
    [Theory]
    [InlineData("22P05")] // a text with U+0000 in jsonb
    [InlineData("22001")] // a text that is too long
    [InlineData("23505")] // a row that is there
    [InlineData("42P01")] // no such table
    [InlineData("54000")] // a state or an outbox that is too large
    [InlineData("54001")] // a statement that is too complex
    public void A_mistake_never_passes(string state)
    {
        foreach (var failure in Ways(state))
        {
            AdapterFailures.Passes(failure).ShouldBeFalse(failure.ToString());
        }
    }

    [Theory]
    [InlineData("08006")] // the connection was lost
    [InlineData("57P01")] // the server goes down
    [InlineData("40001")] // a race was lost
    [InlineData("40P01")] // a deadlock was broken
    [InlineData("53300")] // too many connections
    [InlineData("55P03")] // a lock was not to be had
    [InlineData("57014")] // the statement's time was up
    public void What_is_away_for_a_moment_passes(string state)
    {
        foreach (var failure in Ways(state))
        {
            AdapterFailures.Passes(failure).ShouldBeTrue(failure.ToString());
        }
    }

    // As the driver throws it, as Orleans' storage wraps it, and as a library does that waits for several tasks.
    private static Exception[] Ways(string state)
    {
        var bare = new PostgresException("A sentence.", "ERROR", "ERROR", state);
        return
        [
            bare,
            new OrleansException("Error from storage provider", bare),
            new InvalidOperationException("Not saved.", new OrleansException("Error from storage provider", bare)),
            new AggregateException(bare),
        ];
    }
}
