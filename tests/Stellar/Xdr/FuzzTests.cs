using StellarPay.Bench.Fuzzing;

namespace StellarPay.Stellar.Tests.Xdr;

public sealed class FuzzTests
{
    [Fact]
    public void No_damaged_input_gets_anything_but_the_documented_exception_out_of_the_decoder()
    {
        var fuzz = XdrFuzz.OverSamples(seed: 20_261_120);

        fuzz.Run(200_000);

        fuzz.Accepted.ShouldBeGreaterThan(10_000);
        fuzz.Refused.ShouldBeGreaterThan(100_000);
    }
}
