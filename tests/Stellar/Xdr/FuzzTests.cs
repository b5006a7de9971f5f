using System.Security.Cryptography;
using StellarPay.Bench.Fuzzing;

namespace StellarPay.Stellar.Tests.Xdr;

public sealed class FuzzTests
{
    [Fact]
    public void No_damaged_input_gets_anything_but_the_documented_exception_out_of_the_decoder() => Run(20_261_120, 200_000);

    /// <summary>For <c>./stellarpay test --all</c>: other inputs each time.</summary>
    [Fact(Explicit = true)]
    public void No_damaged_input_does_so_however_many_there_are()
    {
        var seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        Run(seed, 20_000_000);
    }

    private static void Run(int seed, int inputs)
    {
        var fuzz = XdrFuzz.OverSamples(seed);

        fuzz.Run(inputs);

        fuzz.Accepted.ShouldBeGreaterThan(inputs / 20);
        fuzz.Refused.ShouldBeGreaterThan(inputs / 2);
    }
}
