namespace StellarPay.SingleNode;

/// <summary>What becomes of an exception on its way to the caller.</summary>
internal static class RemoteException
{
    public static Exception Of(Exception thrown) =>
        thrown is AggregateException { InnerExceptions.Count: 1 } single ? single.InnerExceptions[0] : thrown;
}
