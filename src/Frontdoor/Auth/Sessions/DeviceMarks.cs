using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StellarPay.Frontdoor.Auth.Tokens;

namespace StellarPay.Frontdoor.Auth.Sessions;

/// <summary>
/// By what a device is known again: a digest of its program and network for one user, under a key that the database does not have. Who
/// has the table alone learns neither, nor whether two users share one.
/// </summary>
internal sealed class DeviceMarks(byte[] secret)
{
    /// <summary>How long a device is known after it was used.</summary>
    public static readonly TimeSpan Known = TimeSpan.FromDays(90);

    /// <summary>The devices of a user that are kept: those that were used last.</summary>
    public const int Most = 50;

    private readonly byte[] _key = TokenSecret.DeriveKey(secret, "stellarpay/devices/v1"u8);

    /// <summary>What is counted of a name from a range of addresses, as a digest that says neither.</summary>
    /// <param name="name">The name's index.</param>
    /// <param name="range">The range.</param>
    public byte[] OfRange(byte[] name, string range) =>
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"login\n{Convert.ToHexStringLower(name)}\n{range}"));

    public byte[] Of(string user, SessionClient client) => HMACSHA256.HashData(
        _key,
        Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{user}\n{client.Network}\n{DeviceProgram.Read(client.UserAgent)}")));
}
