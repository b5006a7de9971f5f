namespace StellarPay.SingleNode;

/// <summary>For the members of TestCluster that Orleans offers without a task.</summary>
internal static class Waiting
{
    public static void For(Func<Task> work) => For(async () =>
    {
        await work();
        return true;
    });

    public static T For<T>(Func<Task<T>> work)
    {
        // On the pool, so that a caller's synchronization context is not what the work waits for.
        var running = Task.Run(work);
        ((IAsyncResult)running).AsyncWaitHandle.WaitOne();
        return running.IsCompletedSuccessfully
            ? running.GetAwaiter().GetResult()
            : throw running.Exception!.InnerException!;
    }
}
