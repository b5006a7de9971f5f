using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Webhooks.Delivery;

/// <summary>An endpoint that this process has for a while, as it stood when it was taken.</summary>
/// <param name="Token">By which the database knows whose it is.</param>
/// <param name="Endpoint">Its id.</param>
/// <param name="Merchant">Whose events it is sent.</param>
/// <param name="Url">Where it is.</param>
/// <param name="EnabledEvents">What it has asked for.</param>
/// <param name="ApiVersion">By which version they are written.</param>
/// <param name="Revision">Which of its changes this is of.</param>
internal sealed record EndpointLease(
    Guid Token, string Endpoint, MerchantId Merchant, Uri Url, string[] EnabledEvents, string ApiVersion, long Revision)
{
    /// <summary>All of the merchant's events up to this have been tried, or are not for it.</summary>
    public required long Number { get; init; }

    /// <summary>And these beyond.</summary>
    public required IReadOnlyList<long> Ahead { get; init; }

    /// <summary>Whether its breaker was open: it gets one event at a time until one is taken.</summary>
    public required bool IsProbe { get; init; }

    /// <summary>Whether it failed last, or was slow of late.</summary>
    public required bool IsSuspect { get; init; }

    /// <summary>Whether what is there has ever taken something.</summary>
    public required bool IsProven { get; init; }

    /// <summary>Whether events of before are to be sent again.</summary>
    public required bool Replays { get; init; }

    /// <summary>The secrets that sign, encrypted, the present one first.</summary>
    public required IReadOnlyList<byte[]> SealedSecrets { get; init; }
}

/// <summary>An event on its way to an endpoint.</summary>
/// <param name="Number">Which of the merchant's events it is.</param>
/// <param name="Id">Its id.</param>
/// <param name="Type">Its type.</param>
/// <param name="Object">What it is in order of.</param>
/// <param name="Attempt">Which attempt this is, from 1 on.</param>
/// <param name="KeptOn">On which day its bytes were kept.</param>
/// <param name="Body">Its bytes.</param>
internal sealed record OutgoingEvent(long Number, string Id, string Type, string Object, int Attempt, DateOnly KeptOn, byte[] Body)
{
    /// <summary>Whether it is the event's first try in the order of events, which the next of the same object waits for.</summary>
    public bool IsFirst { get; init; }

    /// <summary>Why it cannot be written, so that nobody is called; null where it can.</summary>
    public string? Problem { get; init; }
}

/// <summary>A page of the events after a number.</summary>
/// <param name="Wanted">Those that the endpoint wants, in their order, with the day from which their bytes may be kept.</param>
/// <param name="Last">The last number of the page.</param>
/// <param name="IsEnd">Whether there are no more.</param>
internal sealed record EventPage(IReadOnlyList<PagedEvent> Wanted, long Last, bool IsEnd);

/// <summary>An event that is to be written for an endpoint.</summary>
/// <param name="Event">The event.</param>
/// <param name="RecordedOn">The day on which it was recorded: its bytes are not older.</param>
/// <param name="Attempts">How often it was tried.</param>
internal sealed record PagedEvent(MerchantEvents.MerchantEvent Event, DateOnly RecordedOn, int Attempts);

/// <summary>What has become of an endpoint by the results that were written.</summary>
internal enum EndpointState
{
    /// <summary>It goes on.</summary>
    Ok,

    /// <summary>Somebody else has it, or it is there no more.</summary>
    Lost,

    /// <summary>Its merchant has changed it.</summary>
    Changed,

    /// <summary>Its breaker is open.</summary>
    Open,

    /// <summary>It has asked for rest.</summary>
    Paused,

    /// <summary>It has answered 410.</summary>
    Gone,

    /// <summary>It has failed for three days.</summary>
    Failing,
}
