namespace StellarPay.Grains.Keys;

/// <summary>How far a rotation has come. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.KeyRotationState")]
internal sealed class KeyRotationState
{
    /// <summary>Whether an operator has asked for a rotation that has not begun.</summary>
    [Id(0)] public bool Asked { get; set; }

    [Id(1)] public string? TargetKeyId { get; set; }

    [Id(2)] public DateTimeOffset? StartedAt { get; set; }

    [Id(3)] public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>The last state of the page that was done last, in the present pass.</summary>
    [Id(4)] public string? AfterStateName { get; set; }

    [Id(5)] public string? AfterGrainKey { get; set; }

    [Id(6)] public long Rewrapped { get; set; }

    /// <summary>Whether the present pass has found anything to do.</summary>
    [Id(7)] public bool FoundAny { get; set; }

    [Id(8)] public long Failed { get; set; }

    [Id(9)] public string? LastError { get; set; }

    /// <summary>Every key that was seen to wrap something, so that one that wraps nothing any more is still reported.</summary>
    [Id(10)] public List<string> SeenKeyIds { get; set; } = [];

    /// <summary>The business time at which it goes on; null where nothing is under way.</summary>
    [Id(11)] public DateTimeOffset? DueAt { get; set; }

    public bool IsRunning => Asked || (StartedAt is not null && FinishedAt is null);
}
