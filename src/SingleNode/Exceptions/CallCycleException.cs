using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>A call that would wait for itself. Orleans lets such a call time out.</summary>
internal sealed class CallCycleException(string message) : OrleansException(message);
