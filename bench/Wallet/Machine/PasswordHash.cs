using System.Diagnostics;
using System.Security.Cryptography;

namespace StellarPay.Bench.Wallet.Machine;

/// <summary>What production's password hash costs: PBKDF2-HMAC-SHA512 with 220,000 rounds, as ASP.NET Core Identity runs it.</summary>
internal static class PasswordHash
{
    private const int Rounds = 220_000;
    private const int Runs = 10;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    /// <summary>Milliseconds of processor time for one.</summary>
    public static double MeasureMilliseconds()
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        Span<byte> hash = stackalloc byte[HashBytes];
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        for (var i = 0; i < Runs; i++)
        {
            Rfc2898DeriveBytes.Pbkdf2("correct horse battery", salt, hash, Rounds, HashAlgorithmName.SHA512);
        }

        process.Refresh();
        return Math.Round((process.TotalProcessorTime - before).TotalMilliseconds / Runs, 1);
    }
}
