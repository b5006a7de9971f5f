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

    // A caller may await its call only later, so a cycle that nobody awaits yet is looked at again.
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(100);

    public static void EndIfDeadlocked(GrainCall call)
    {
        if (Find(call) is { } cycle)
        {
            _ = EndWhenDeadlockedAsync(call, cycle);
        }
    }

    private static async Task EndWhenDeadlockedAsync(GrainCall call, List<GrainCall>? cycle)
    {
        while (cycle is not null)
        {
            await EndTurnsAsync(cycle).ConfigureAwait(false);
            cycle = Find(call);
            if (cycle is not null && IsAwaited(cycle))
            {
                call.Target!.Refuse(call, new CallCycleException(
                    $"Deadlock: {call} waits for itself: {string.Join(" -> ", cycle.Append(cycle[0]))}."));
                return;
            }

            await Task.Delay(LookAgainAfter, call.Target!.Silo.Time).ConfigureAwait(false);
            cycle = Find(call);
        }
    }

    // What a caller awaits is only seen once its present turn has ended.
    private static async Task EndTurnsAsync(List<GrainCall> cycle)
    {
        foreach (var activation in cycle.Select(each => each.Target!).Distinct())
        {
            var turnEnded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            activation.Scheduler.Run(() => turnEnded.TrySetResult());
            await Task.WhenAny(turnEnded.Task, activation.Deactivated).ConfigureAwait(false);
        }
    }

    // Each call either queues behind the next, or its run awaits the next one's answer.
    private static bool IsAwaited(List<GrainCall> cycle)
    {
        for (var i = 1; i < cycle.Count; i++)
        {
            var (caller, called) = (cycle[i - 1], cycle[i]);
            if (called.Parent == caller && !(called.AnswerTask is { } answer && caller.Running is { } running
                && AwaitChains.Lead(answer, running)))
            {
                return false;
            }
        }

        return true;
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
