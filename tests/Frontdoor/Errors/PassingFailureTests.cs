using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Orleans.Storage;
using StellarPay.Adapters.Faults;
using StellarPay.Frontdoor.Errors;
using StellarPay.Silo.Hosting;

namespace StellarPay.Frontdoor.Tests.Errors;

/// <summary>
/// Found by bench chaos on two silos of Orleans: a write that failed was answered with 500, for Orleans had no codec for the
/// database driver's exception.
/// </summary>
public sealed class PassingFailureTests
{
    public static TheoryData<Exception, bool> Failures => new()
    {
        { new NpgsqlException("Exception while reading from stream"), true },
        { new OrleansException("Error from storage provider", new NpgsqlException("Exception while reading from stream")), true },
        { new PostgresException("terminating connection", "FATAL", "FATAL", PostgresErrorCodes.AdminShutdown), true },
        { new PostgresException("duplicate key", "ERROR", "ERROR", PostgresErrorCodes.UniqueViolation), false },
        { new OrleansException("A message", new InvalidOperationException("A bug")), false },
        { new InconsistentStateException("Somebody else wrote", "1", "2"), false },
        { new InvalidOperationException("A bug"), false },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void What_is_away_for_a_moment_travels_as_a_type_that_Orleans_knows(Exception failure, bool passing) =>
        PassingFailureFilter.IsPassing(failure).ShouldBe(passing);

    [Fact]
    public void A_sign_up_that_the_database_cut_off_is_answered_with_try_again()
    {
        var cut = new NpgsqlException("Exception while reading from stream", new EndOfStreamException());
        var saved = new InvalidOperationException(
            "An exception has been raised that is likely due to a transient failure.", new DbUpdateException("Not saved", cut));

        ExceptionProblems.Of(saved).Status.ShouldBe(503);
        ExceptionProblems.Of(new InvalidOperationException("A bug", new ArgumentException("of ours"))).Status.ShouldBe(500);
    }

    [Fact]
    public void What_travels_is_answered_with_try_again()
    {
        PassingFailureFilter.IsPassing(new FaultInjectedException("wallet.saved")).ShouldBeTrue();
        ExceptionProblems.Of(new OrleansException("Something that a grain needs does not answer now.")).Status.ShouldBe(503);
    }

    [Fact]
    public void What_was_cut_off_on_the_way_is_answered_with_try_again_and_a_bad_request_is_not()
    {
        Exception[] cut = [new TaskCanceledException(), new IOException("The connection was cut."), new ObjectDisposedException("silo")];
        foreach (var failure in cut)
        {
            ExceptionProblems.Of(failure).Status.ShouldBe(503);
        }

        ExceptionProblems.Of(new BadHttpRequestException("No body.")).Status.ShouldBe(400);
    }
}
