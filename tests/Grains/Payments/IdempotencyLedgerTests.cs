using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Tests.Payments;

public sealed class IdempotencyLedgerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly List<IdempotencyEntry> _entries = [];

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("clé")]
    [InlineData("tab\t")]
    public void A_key_that_is_not_printable_ASCII_is_refused(string key) =>
        IdempotencyLedger.Check(key)!.Code.ShouldBe("idempotency_key_invalid");

    [Fact]
    public void A_key_has_at_most_255_characters()
    {
        IdempotencyLedger.Check(new string('k', 255)).ShouldBeNull();
        IdempotencyLedger.Check(new string('k', 256)).ShouldNotBeNull();
    }

    [Fact]
    public void The_same_key_gives_the_first_answer_and_with_another_body_an_error()
    {
        Remember();

        IdempotencyLedger.Find(_entries, "quote", "k", "body", Noon)!.Value.ShouldBe("txn_1");
        IdempotencyLedger.Find(_entries, "quote", "k", "other", Noon)!.Error!.Code.ShouldBe("idempotency_key_reused");
        IdempotencyLedger.Find(_entries, "quote", "l", "body", Noon).ShouldBeNull();
        IdempotencyLedger.Find(_entries, "confirm", "k", "other", Noon).ShouldBeNull();
    }

    [Fact]
    public void A_key_is_remembered_for_24_hours()
    {
        Remember();

        IdempotencyLedger.Find(_entries, "quote", "k", "body", Noon.AddHours(24).AddTicks(-1)).ShouldNotBeNull();
        IdempotencyLedger.Find(_entries, "quote", "k", "body", Noon.AddHours(24)).ShouldBeNull();
    }

    [Fact]
    public void Bodies_whose_fields_run_together_have_different_fingerprints()
    {
        var fingerprints = new[]
        {
            IdempotencyLedger.Fingerprint("ab", "c"),
            IdempotencyLedger.Fingerprint("a", "bc"),
            IdempotencyLedger.Fingerprint("abc", ""),
            IdempotencyLedger.Fingerprint("abc", null),
            IdempotencyLedger.Fingerprint("abc"),
        };

        fingerprints.Distinct().Count().ShouldBe(fingerprints.Length);
    }

    // As a row of the version before keys had a table has it.
    private void Remember() => _entries.Add(
        new IdempotencyEntry { Operation = "quote", Key = "k", Fingerprint = "body", Payment = "txn_1", At = Noon });
}
