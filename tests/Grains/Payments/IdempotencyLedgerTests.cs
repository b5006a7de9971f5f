using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Tests.Payments;

public sealed class IdempotencyLedgerTests
{
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
}
