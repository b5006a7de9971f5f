using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>
/// Finds the cycle that a waiting call closes: it waits for a call that runs at its target, which waits, over other
/// calls and queues, for it. Such calls could never end.
/// </summary>
internal static class CallCycles
{
    // Beyond this the search gives up; the calls' timeout then ends them.
    private const int MostCallsVisited = 10_000;

    public static void EndIfDeadlocked(GrainCall call)
    {
        if (Find(call) is { } cycle)
        {
            _ = EndIfStillDeadlockedAsync(call, cycle);
        }
    }

    // A caller that does not await its call may be about to return, so each activation of the cycle first ends its
    // present turn.
    private static async Task EndIfStillDeadlockedAsync(GrainCall call, List<GrainCall> cycle)
    {
        foreach (var activation in cycle.Select(each => each.Target!).Distinct())
        {
            var turnEnded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            activation.Scheduler.Run(() => turnEnded.TrySetResult());
            await turnEnded.Task.ConfigureAwait(false);
        }

        if (Find(call) is { } stillThere)
        {
            call.Target!.Refuse(call, new CallCycleException(
                $"Deadlock: {call} waits for itself: {string.Join(" -> ", stillThere.Append(stillThere[0]))}."));
        }
    }

    // Searches from the call towards those who wait for it, until it meets one that runs at the call's target.
    private static List<GrainCall>? Find(GrainCall call)
    {
        var target = call.Target!;
        var blockers = target.Snapshot().Running.Where(each => !each.Method.AlwaysInterleave).ToHashSet();
        if (blockers.Count == 0 || call.IsRunning || call.IsAnswered)
        {
            return null;
        }

        var waitsFor = new Dictionary<GrainCall, GrainCall>();
        var open = new Queue<GrainCall>();
        open.Enqueue(call);
        while (open.TryDequeue(out var each) && waitsFor.Count < MostCallsVisited)
        {
            foreach (var waiter in WaitersFor(each))
            {
                if (!waitsFor.TryAdd(waiter, each))
                {
                    continue;
                }

                if (blockers.Contains(waiter))
                {
                    return Path(waiter, call, waitsFor);
                }

                open.Enqueue(waiter);
            }
        }

        return null;
    }

    private static IEnumerable<GrainCall> WaitersFor(GrainCall call)
    {
        if (call.Parent is { IsAnswered: false, Target: not null } parent)
        {
            yield return parent;
        }

        if (call is { IsRunning: true, Method.AlwaysInterleave: false, Target: { Class.IsReentrant: false } target })
        {
            foreach (var queued in target.Snapshot().Waiting)
            {
                if (!queued.IsAnswered)
                {
                    yield return queued;
                }
            }
        }
    }

    private static List<GrainCall> Path(GrainCall from, GrainCall to, Dictionary<GrainCall, GrainCall> waitsFor)
    {
        var path = new List<GrainCall> { from };
        for (var each = from; each != to;)
        {
            each = waitsFor[each];
            path.Add(each);
        }

        return path;
    }
}
