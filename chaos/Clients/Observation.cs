namespace StellarPay.Chaos.Clients;

/// <summary>What a client asked and was told. Times are of one clock, and only compared with each other.</summary>
/// <param name="User">The number of the user who asked.</param>
/// <param name="Request">What was asked, such as <c>POST /v1/payments</c>.</param>
/// <param name="Confirms">Whether it asked for a payment to be made, rather than quoted or shown.</param>
/// <param name="Key">The idempotency key, or null.</param>
/// <param name="Sent">When it was sent.</param>
/// <param name="Answered">When the answer was there; null if none came.</param>
/// <param name="Status">The HTTP status; 0 if no answer came.</param>
/// <param name="Error">The error's code, or null.</param>
/// <param name="Payment">The payment in the answer, or null.</param>
internal sealed record Observation(
    int User, string Request, bool Confirms, string? Key, long Sent, long? Answered, int Status, string? Error, PaymentAnswer? Payment)
{
    private const string ConfirmSuffix = "/confirm";

    /// <summary>The session or refund in the answer, or null.</summary>
    public ToldObject? Told { get; init; }

    /// <summary>The payment that this asked to be made, where it is known which: by the address, or by the answer.</summary>
    public string? ConfirmedPayment => !Confirms ? null
        : Request.EndsWith(ConfirmSuffix, StringComparison.Ordinal) ? Request[..^ConfirmSuffix.Length].Split('/')[^1]
        : Payment?.Id;
}

/// <summary>A payment as the front door showed it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">Its status.</param>
/// <param name="Asset">The asset's code.</param>
/// <param name="Amount">A decimal string.</param>
/// <param name="Destination">The account that is paid.</param>
/// <param name="TransactionHash">The hash, or null.</param>
/// <param name="Ledger">The ledger, or null.</param>
internal sealed record PaymentAnswer(
    string Id, string Status, string Asset, string Amount, string Destination, string? TransactionHash, long? Ledger);

/// <summary>A payment session or a refund as the front door showed it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">Its status.</param>
internal sealed record ToldObject(string Id, string Status);
