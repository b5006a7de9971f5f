namespace Orleans;

/// <summary>For tasks that nobody waits for.</summary>
public static class PublicOrleansTaskExtensions
{
    public static void Ignore(this Task task)
    {
        if (!task.IsCompleted)
        {
            _ = task.ContinueWith(
                static done => done.Exception,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            return;
        }

        _ = task.Exception;
    }
}
