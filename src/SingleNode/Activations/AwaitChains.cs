using System.Reflection;

namespace StellarPay.SingleNode;

/// <summary>
/// Follows a task to whoever awaits it. The framework keeps that to itself, but a debugger sees it in the same fields; where
/// they are not what they were, nothing is found, and a deadlocked call ends with its timeout.
/// </summary>
internal static class AwaitChains
{
    private const int MostSteps = 1_000;

    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
        | BindingFlags.DeclaredOnly;

    private static readonly FieldInfo? Continuation = typeof(Task).GetField("m_continuationObject", Own);

    /// <summary>Whether the second task cannot go on before the first, by way of any number of awaits.</summary>
    public static bool Lead(Task from, Task to)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var open = new Stack<object>([from]);
        while (open.TryPop(out var each) && seen.Count < MostSteps)
        {
            if (ReferenceEquals(each, to))
            {
                return true;
            }

            if (seen.Add(each))
            {
                foreach (var next in Next(each))
                {
                    open.Push(next);
                }
            }
        }

        return false;
    }

    private static IEnumerable<object> Next(object each) => each switch
    {
        Task task => Continuation?.GetValue(task) is { } continuation ? [continuation] : [],
        List<object?> several => Several(several),
        Delegate { Target: { } target } => [target],
        Delegate => [],
        _ => Held(each),
    };

    private static object[] Several(List<object?> continuations)
    {
        // The framework locks the list while it changes it.
        lock (continuations)
        {
            return [.. continuations.OfType<object>()];
        }
    }

    // A continuation is an object that holds the task or the delegate with which it goes on.
    private static IEnumerable<object> Held(object continuation)
    {
        for (var type = continuation.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (var field in type.GetFields(Own))
            {
                if (field.GetValue(continuation) is { } value and (Task or Delegate))
                {
                    yield return value;
                }
            }
        }
    }
}
