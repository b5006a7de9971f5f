using System.Collections.Concurrent;

namespace StellarPay.Frontdoor.Tests.Hosting;

/// <summary>Loses a grain's answer to the door: what was asked is done, and whoever asked is not told.</summary>
internal sealed class LostAnswers : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<string, int> _armed = new(StringComparer.Ordinal);

    /// <summary>Loses the answer to the next call of this method, or to so many.</summary>
    public void LoseNext(string method, int calls = 1) => _armed[method] = calls;

    /// <summary>Loses no more.</summary>
    public void LoseNoMore() => _armed.Clear();

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        if (context.SourceId is { } source && source.IsClient() && Takes(context.InterfaceMethod.Name))
        {
            throw new TimeoutException("The answer was lost.");
        }
    }

    private bool Takes(string method)
    {
        while (_armed.TryGetValue(method, out var left) && left > 0)
        {
            if (_armed.TryUpdate(method, left - 1, left))
            {
                return true;
            }
        }

        return false;
    }
}
