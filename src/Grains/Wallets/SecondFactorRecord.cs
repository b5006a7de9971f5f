using System.Text.Json.Serialization;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Wallets;

/// <summary>The owner's second factor as his wallet knows it. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.SecondFactorRecord")]
internal sealed class SecondFactorRecord
{
    /// <summary>How many recipients are remembered; the one that was paid longest ago is forgotten first.</summary>
    public const int MostRecipients = 24;

    // Of a key's 32: nobody finds a key of his own with the same ones.
    private const int BytesOfRecipient = 16;

    /// <summary>Whether he has one.</summary>
    [Id(0)] public bool IsSet { get; set; }

    /// <summary>Which change of his factors this is of.</summary>
    [Id(1)] public long Version { get; set; }

    /// <summary>What was paid since he last showed it for a payment, in ten-millionths of the reference currency.</summary>
    [Id(2), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Unshown { get; set; }

    /// <summary>What of that went to new recipients.</summary>
    [Id(3), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long UnshownToNew { get; set; }

    /// <summary>
    /// The recipients of settled payments for which he showed it, the latest last: the first bytes of each account's key. Null without any.
    /// </summary>
    [Id(4), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? Recipients { get; set; }

    /// <summary>Since when he has had one without a break; null where he has none.</summary>
    [Id(5), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Since { get; set; }

    /// <summary>
    /// Whether an account is among them, however it is written: a number inside an account (SEP-23) makes no other recipient.
    /// </summary>
    public bool Knows(string destination) => PlaceOf(KeyOf(destination)) >= 0;

    /// <summary>A payment to an account is settled for which he showed it.</summary>
    public void Remember(string destination)
    {
        var key = KeyOf(destination);
        var known = (Recipients ?? []).Chunk(BytesOfRecipient).Where(each => !each.SequenceEqual(key));
        Recipients = [.. known.Append(key).TakeLast(MostRecipients).SelectMany(each => each)];
    }

    private int PlaceOf(byte[] key) => Array.FindIndex([.. (Recipients ?? []).Chunk(BytesOfRecipient)], each => each.SequenceEqual(key));

    private static byte[] KeyOf(string destination) => MuxedAccount.Parse(destination).AccountId.Key.ToArray()[..BytesOfRecipient];
}
