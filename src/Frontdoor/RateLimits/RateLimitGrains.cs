using Microsoft.Extensions.Options;
using StellarPay.Grains.RateLimits;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>Asks the cluster's counts, briefly: a front door that gets no answer counts by itself.</summary>
internal sealed partial class RateLimitGrains(
    IGrainFactory grains, IOptions<RateLimitOptions> options, TimeProvider time, ILogger<RateLimitGrains> logger)
{
    // So many in a row and the whole cluster is taken to be away.
    private const int MostFailures = 16;

    private readonly long _pause = (long)(AloneFor.TotalSeconds * time.TimestampFrequency);
    private int _failures;
    private long _awayUntil = long.MinValue;

    /// <summary>How long an answer is waited for.</summary>
    public TimeSpan AnswerWithin { get; } = TimeSpan.FromMilliseconds(options.Value.AnswerMilliseconds);

    /// <summary>How long a front door counts by itself before it asks again.</summary>
    public static TimeSpan AloneFor { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether nothing is asked now.</summary>
    public bool AreAway => time.GetTimestamp() < Volatile.Read(ref _awayUntil);

    /// <summary>What a key's count grants; null where there was no answer.</summary>
    public async ValueTask<RateLimitLease?> AskAsync(string key, RateLimitAsk ask)
    {
        try
        {
            var asked = grains.GetGrain<IRateLimitGrain>(key).TakeAsync(ask);
            var lease = asked.IsCompletedSuccessfully ? await asked : await asked.AsTask().WaitAsync(AnswerWithin, time);
            Volatile.Write(ref _failures, 0);
            return lease;
        }
        catch (Exception exception)
        {
            // Whatever it is: nobody is refused, and nobody let through uncounted, because counting fails.
            var failures = Interlocked.Increment(ref _failures);
            if (failures >= MostFailures)
            {
                Volatile.Write(ref _awayUntil, time.GetTimestamp() + _pause);
            }

            if (failures is 1 or MostFailures)
            {
                LogAlone(exception, failures);
            }

            return null;
        }
    }

    [LoggerMessage(5060, LogLevel.Warning, "The cluster's rate limits do not answer ({Failures} times in a row); this front door counts by itself")]
    private partial void LogAlone(Exception exception, int failures);
}
