using System.Collections.Concurrent;

namespace StellarPay.Frontdoor.Tests.Hosting;

/// <summary>Loses a grain's answer to the door: what was asked is done, and whoever asked is not told.</summary>
internal sealed class LostAnswers : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<string, int> _armed = new(StringComparer.Ordinal);

    /// <summary>Loses the answer to the next call of this method.</summary>
    public void LoseNext(string method) => _armed[method] = 1;

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        if (context.SourceId is { } source && source.IsClient() && _armed.TryRemove(context.InterfaceMethod.Name, out _))
        {
            throw new TimeoutException("The answer was lost.");
        }
    }
}
