using StellarPay.Stellar.Xdr;

namespace StellarPay.Bench.Fuzzing;

/// <summary>Feeds damaged XDR to the decoder. For each input either <see cref="XdrException"/> comes out, or a value whose
/// XDR is the input again; and never is more memory allocated than the input justifies. Everything else is a finding.
/// The same seed gives the same inputs.</summary>
internal sealed class XdrFuzz(int seed, IReadOnlyList<(XdrSample Sample, byte[] Xdr)> corpus)
{
    // What an exception with its message and trace, and the decoder's objects for one byte, may cost. The most costly
    // honest input is a list of one-number contract values: 8 bytes of input make an object of 24 and a reference.
    private const long AllocationFixed = 16 * 1024;
    private const long AllocationPerByte = 64;
    private const int Repeats = 3;

    private readonly Mutator _mutator = new(new Random(seed), [.. corpus.Select(entry => entry.Xdr)]);
    private readonly Random _random = new(seed);

    public long Accepted { get; private set; }

    public long Refused { get; private set; }

    /// <summary>Starts from a value of every type.</summary>
    public static XdrFuzz OverSamples(int seed) => new(seed, [.. XdrSamples.All.Select(s => (s, s.Encode()))]);

    /// <summary>Tries so many inputs.</summary>
    /// <exception cref="InvalidOperationException">A finding; it names the type and the input in base64.</exception>
    public void Run(long count)
    {
        for (var i = 0L; i < count; i++)
        {
            var (sample, xdr) = corpus[_random.Next(corpus.Count)];
            Try(sample, _mutator.Mutate(xdr));
        }
    }

    private void Try(XdrSample sample, ReadOnlySpan<byte> input)
    {
        var allocated = Allocated(sample, input, out var isAccepted);

        // The runtime itself allocates now and then; what the decoder allocates, it allocates every time.
        for (var again = 0; again < Repeats && allocated > Justified(input); again++)
            allocated = Math.Min(allocated, Allocated(sample, input, out _));
        if (allocated > Justified(input))
            throw Finding(sample, input, $"allocates {allocated} bytes", null);

        if (isAccepted)
            Accepted++;
        else
            Refused++;
    }

    private static long Justified(ReadOnlySpan<byte> input) => AllocationFixed + (AllocationPerByte * input.Length);

    private static long Allocated(XdrSample sample, ReadOnlySpan<byte> input, out bool isAccepted)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        isAccepted = IsAccepted(sample, input);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static bool IsAccepted(XdrSample sample, ReadOnlySpan<byte> input)
    {
        try
        {
            return input.SequenceEqual(sample.Recode(input))
                ? true
                : throw Finding(sample, input, "is written differently than it was read", null);
        }
        catch (XdrException)
        {
            return false;
        }
        catch (Exception e) when (e is not InvalidOperationException { Source: nameof(XdrFuzz) })
        {
            throw Finding(sample, input, "lets another exception escape", e);
        }
    }

    private static InvalidOperationException Finding(
        XdrSample sample, ReadOnlySpan<byte> input, string what, Exception? inner) =>
        new($"{sample.TypeName} {what}: {Convert.ToBase64String(input)}", inner) { Source = nameof(XdrFuzz) };
}
