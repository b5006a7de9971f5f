namespace StellarPay.Sandbox.Admin.Faults;

/// <summary>What can be made to go wrong. The names in JSON are these in snake case.</summary>
internal enum FaultKind
{
    /// <summary>504, and what was submitted is applied nevertheless.</summary>
    TimeoutAfterApplying,

    /// <summary>504, and what was submitted is lost.</summary>
    TimeoutWithoutApplying,

    /// <summary>The connection is cut without an answer.</summary>
    ConnectionReset,

    /// <summary>The answer is late.</summary>
    Delay,

    /// <summary>429 with Retry-After.</summary>
    RateLimit,

    /// <summary>Reads show the network as it was some ledgers ago.</summary>
    StaleReads,

    /// <summary>Stream events are sent twice.</summary>
    DuplicateEvents,

    /// <summary>Stream events are left out.</summary>
    DropEvents,

    /// <summary>A stream opens and then says nothing.</summary>
    SilentStream,

    /// <summary>Ledgers close without any of the waiting transactions, as if others had outbid them.</summary>
    FullLedger,
}
