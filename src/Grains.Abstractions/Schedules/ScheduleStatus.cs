namespace StellarPay.Grains.Schedules;

/// <summary>Where a scheduled payment stands.</summary>
[GenerateSerializer, Alias("sp.ScheduleStatus")]
public enum ScheduleStatus
{
    /// <summary>It pays when it is due.</summary>
    Active,

    /// <summary>Its owner stopped it for a while; what falls due meanwhile is passed over.</summary>
    Paused,

    /// <summary>Its last occurrence is over. Terminal.</summary>
    Completed,

    /// <summary>Its owner ended it. Terminal.</summary>
    Cancelled,
}

/// <summary>How often a scheduled payment pays.</summary>
[GenerateSerializer, Alias("sp.Frequency")]
public enum Frequency
{
    /// <summary>Once, at its start.</summary>
    Once,

    /// <summary>Each day at the same local time.</summary>
    Daily,

    /// <summary>Each week on the weekday of its start.</summary>
    Weekly,

    /// <summary>Each month on a day; in a month that has no such day, on its last.</summary>
    Monthly,
}

/// <summary>Where one occurrence of a scheduled payment stands.</summary>
[GenerateSerializer, Alias("sp.OccurrenceStatus")]
public enum OccurrenceStatus
{
    /// <summary>It is being paid, or will be tried again.</summary>
    Paying,

    /// <summary>Its payment is on the ledger. Terminal.</summary>
    Succeeded,

    /// <summary>It was tried as often as it may be, and is not paid. Terminal.</summary>
    Failed,

    /// <summary>It was found so late that it was not paid any more. Terminal.</summary>
    Missed,

    /// <summary>It fell due while the schedule was paused, or its owner cancelled the payment. Terminal.</summary>
    Skipped,
}
