using StellarPay.Grains.Events;

namespace StellarPay.Grains.Nudges;

/// <summary>A nudge as it is stored. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.NudgeState")]
internal sealed class NudgeState
{
    /// <summary>The name of the state: of no other grain class, for ever.</summary>
    public const string Name = "nudge";

    [Id(0)] public string? Owner { get; set; }

    [Id(1)] public string Text { get; set; } = "";

    /// <summary>The business time at which to remind; null where that is done. The due index has it from here.</summary>
    [Id(2)] public DateTimeOffset? DueAt { get; set; }

    /// <summary>The events of the write under way; storage takes them out, and appends them in the same statement.</summary>
    [field: NonSerialized] public List<OutboxEvent> Outbox { get; set; } = [];
}
