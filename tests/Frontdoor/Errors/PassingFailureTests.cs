using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Failures;

namespace StellarPay.Frontdoor.Tests.Errors;

/// <summary>Which failures are answered with "try again". What a grain throws is told apart in its silo (tests/Silo).</summary>
public sealed class PassingFailureTests
{
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
    public void What_a_silo_says_of_a_failure_is_what_the_caller_is_told()
    {
        ExceptionProblems.Of(new TryAgainException("Something that a grain needs does not answer now.")).Status.ShouldBe(503);
        ExceptionProblems.Of(new GrainFailedException("A grain failed.")).Status.ShouldBe(500);
        ExceptionProblems.Of(new OrleansException("From a grain", new GrainFailedException("A grain failed."))).Status.ShouldBe(500);
    }

    [Theory]
    [InlineData(PostgresErrorCodes.UniqueViolation)]
    [InlineData(PostgresErrorCodes.NumericValueOutOfRange)]
    [InlineData(PostgresErrorCodes.UndefinedTable)]
    [InlineData(PostgresErrorCodes.StatementTooComplex)]
    public void What_the_database_refuses_for_good_is_our_mistake_also_behind_Orleans_storage(string state)
    {
        // Found while this was written: Orleans wraps what its storage throws, and its own exceptions counted as a lost silo.
        var refused = new PostgresException("secret-4711", "ERROR", "ERROR", state);

        ExceptionProblems.Of(refused).Status.ShouldBe(500);
        ExceptionProblems.Of(new OrleansException("Error from storage provider", refused)).Status.ShouldBe(500);
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
