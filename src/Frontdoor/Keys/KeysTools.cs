using StellarPay.Adapters.Postgres.Keys;
using StellarPay.Grains.Audit;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Platform.Treasury;

namespace StellarPay.Frontdoor.Keys;

/// <summary>What the command about keys works with.</summary>
internal sealed class KeysTools(
    IKeyEncryptionKey keyEncryptionKey,
    IKeyInventory inventory,
    IKeyRotations rotations,
    IPlatformAccounts accounts,
    IPlatformSeeds seeds,
    IAuditLog audit)
{
    public IKeyEncryptionKey KeyEncryptionKey { get; } = keyEncryptionKey;

    public IKeyInventory Inventory { get; } = inventory;

    public IKeyRotations Rotations { get; } = rotations;

    public IPlatformAccounts Accounts { get; } = accounts;

    /// <summary>Gives a platform account its key; refuses where it has one.</summary>
    /// <param name="name">The account as people write it.</param>
    /// <param name="seed">The seed in StrKey form; null to make a new one.</param>
    /// <param name="output">Gets a sentence about what was done.</param>
    public async Task<bool> AddAsync(string name, byte[]? seed, TextWriter output)
    {
        if (seeds.Find(name) is not { } account)
        {
            await output.WriteLineAsync($"There is no platform account '{name}'; there are treasury, suspense, notary, sponsor_00 … and fees_00 …");
            return false;
        }

        var action = seed is null ? "key.generate" : "key.import";
        await audit.AppendAsync(
            new AuditEntry($"operator:{Environment.UserName}", action, account, null), CancellationToken.None);
        var made = seed is null
            ? await seeds.GenerateAsync(account, CancellationToken.None)
            : await seeds.ImportAsync(account, seed.AsMemory(0, LengthOf(seed)), CancellationToken.None);
        var twin = (await Accounts.ListAsync(CancellationToken.None)).FirstOrDefault(other => other.Address == made.Address);
        if (twin is not null && twin.Name != account)
        {
            // Two grains would count one account's sequence numbers, and each spoil the other's transactions.
            await output.WriteLineAsync($"This seed is that of {twin.Name} already; {account} needs one of its own.");
            return false;
        }

        if (!await Accounts.TryAddAsync(made, CancellationToken.None))
        {
            await output.WriteLineAsync($"{account} has a key already; it stays as it is.");
            return false;
        }

        await output.WriteLineAsync($"{account} is {made.Address}. {(account == ITreasuryGrain.Key
            ? "Send XLM to it: the platform's other accounts get theirs from it."
            : "The treasury sends it XLM.")}");
        return true;
    }

    // A file usually ends with a line break.
    private static int LengthOf(byte[] seed)
    {
        var length = seed.Length;
        while (length > 0 && char.IsWhiteSpace((char)seed[length - 1]))
        {
            length--;
        }

        return length;
    }
}
