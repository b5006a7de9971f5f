using StellarPay.Bench.Fuzzing;

namespace StellarPay.Stellar.Tests.StrKeys;

public sealed class StrKeyFuzzTests
{
    [Fact]
    public void No_damaged_StrKey_is_taken_for_another_or_gets_an_exception_out_of_the_decoder()
    {
        var fuzz = new StrKeyFuzz(seed: 20_261_120);

        fuzz.Run(200_000);

        fuzz.Accepted.ShouldBeGreaterThan(20_000);
        fuzz.Refused.ShouldBeGreaterThan(50_000);
    }
}
