namespace StellarPay.Chaos.Plan;

/// <summary>What is made to go wrong.</summary>
internal enum FaultKind
{
    /// <summary>A silo's process is killed at a fault point.</summary>
    KillAtPoint,

    /// <summary>An exception flies at a fault point.</summary>
    ThrowAtPoint,

    /// <summary>A silo's process is killed wherever it is.</summary>
    Kill,

    /// <summary>The connection to the database is cut before a state's write reaches it.</summary>
    StorageBefore,

    /// <summary>The connection to the database is cut after a state's write took effect, before its answer.</summary>
    StorageAfter,

    /// <summary>All connections to the database are cut.</summary>
    StorageCut,

    /// <summary>The database does not answer for some time.</summary>
    StorageAway,

    /// <summary>The network answers 504, and applies what was submitted.</summary>
    TimeoutAfterApplying,

    /// <summary>The network answers 504, and loses what was submitted.</summary>
    TimeoutWithoutApplying,

    /// <summary>The network cuts a connection without an answer.</summary>
    ConnectionReset,

    /// <summary>The network answers 429.</summary>
    RateLimit,

    /// <summary>The network answers late.</summary>
    Delay,

    /// <summary>The network shows itself as it was some ledgers ago.</summary>
    StaleReads,

    /// <summary>The network sends stream events twice.</summary>
    DuplicateEvents,

    /// <summary>The network leaves stream events out.</summary>
    DropEvents,

    /// <summary>The network opens a stream and then says nothing.</summary>
    SilentStream,

    /// <summary>The network closes ledgers without taking what waits.</summary>
    FullLedger,

    /// <summary>The network itself is killed; what waited for a ledger is lost.</summary>
    KillNetwork,

    /// <summary>The front door's process is killed.</summary>
    KillFrontDoor,

    /// <summary>A day goes by at once: the network's clock jumps, and the stored dates of schedules are a day older.</summary>
    DayPasses,
}
