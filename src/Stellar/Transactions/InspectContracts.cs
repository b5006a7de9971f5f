using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using StellarPay.Stellar.Xdr;
using static StellarPay.Stellar.Transactions.InspectText;

namespace StellarPay.Stellar.Transactions;

/// <summary>How <see cref="Inspect"/> shows contract calls and ledger keys.</summary>
internal static class InspectContracts
{
    public static IEnumerable<(string Name, JsonNode? Value)> Fields(OperationBody body) => body switch
    {
        InvokeHostFunctionOperation op => [("function", Function(op.Function)), ("auth", Array(op.Auth, Authorization))],
        ExtendFootprintTtlOperation op => [("extend_to_ledgers", op.ExtendTo)],
        _ => [],
    };

    public static JsonObject Resources(SorobanTransactionData data) => new()
    {
        ["resource_fee_stroops"] = Number(data.ResourceFee),
        ["instructions"] = data.Resources.Instructions,
        ["disk_read_bytes"] = data.Resources.DiskReadBytes,
        ["write_bytes"] = data.Resources.WriteBytes,
        ["read_only"] = Array(data.Resources.ReadOnly, Key),
        ["read_write"] = Array(data.Resources.ReadWrite, Key),
        ["archived_entries"] = data.ArchivedEntries is { } archived ? Array(archived, index => index) : null,
    };

    public static JsonObject Key(LedgerKey key)
    {
        var json = new JsonObject { ["type"] = Name(key.Type) };
        foreach (var (name, value) in KeyFields(key))
            json[name] = value;
        return json;
    }

    private static IEnumerable<(string Name, JsonNode? Value)> KeyFields(LedgerKey key) => key switch
    {
        LedgerKeyAccount k => [("account", k.Account.ToString())],
        LedgerKeyTrustLine k => [("account", k.Account.ToString()), ("asset", k.Asset.ToString())],
        LedgerKeyOffer k => [("seller", k.Seller.ToString()), ("offer_id", Number(k.OfferId))],
        LedgerKeyData k => [("account", k.Account.ToString()), ("name", Text(k.Name))],
        LedgerKeyClaimableBalance k => [("balance_id", k.BalanceId.ToString())],
        LedgerKeyLiquidityPool k => [("liquidity_pool_id", k.PoolId.ToString())],
        LedgerKeyContractData k =>
        [
            ("contract", Address(k.Contract)), ("key", Value(k.Key)), ("durability", Name(k.Durability)),
        ],
        LedgerKeyContractCode k => [("wasm_hash", k.WasmHash.ToString())],
        LedgerKeyConfigSetting k => [("setting", Name(k.Setting))],
        LedgerKeyTtl k => [("key_hash", k.KeyHash.ToString())],
        _ => [],
    };

    private static JsonObject Function(HostFunction function)
    {
        var json = new JsonObject { ["type"] = Name(function.Type) };
        switch (function)
        {
            case InvokeContractFunction invoke:
                json["call"] = Call(invoke.Call);
                break;
            case CreateContractFunction create:
                json["contract"] = Creation(create.Contract);
                break;
            case UploadWasmFunction upload:
                json["wasm_bytes"] = upload.Wasm.Length;
                break;
        }

        return json;
    }

    private static JsonObject Call(InvokeContractArgs call) => new()
    {
        ["contract"] = Address(call.Contract),
        ["function"] = Text(call.Function),
        ["args"] = Array(call.Args, Value),
    };

    private static JsonObject Creation(CreateContractArgs contract)
    {
        var json = new JsonObject { ["executable"] = Executable(contract.Executable) };
        if (contract.IdPreimage is ContractIdFromAddress from)
        {
            json["deployer"] = Address(from.Address);
            json["salt"] = from.Salt.ToString();
        }
        else if (contract.IdPreimage is ContractIdFromAsset asset)
        {
            json["asset"] = asset.Asset.ToString();
        }

        if (contract.ConstructorArgs is { } args)
            json["constructor_args"] = Array(args, Value);
        return json;
    }

    private static string Executable(ContractExecutable executable) =>
        executable.WasmHash is { } hash ? $"wasm {hash}" : "stellar_asset";

    private static JsonObject Authorization(SorobanAuthorizationEntry entry)
    {
        var json = new JsonObject { ["by"] = entry.Credentials is { } by ? Address(by.Address) : "source_account" };
        if (entry.Credentials is { } credentials)
        {
            json["nonce"] = Number(credentials.Nonce);
            json["signature_expiration_ledger"] = credentials.SignatureExpirationLedger;
            json["signature"] = Value(credentials.Signature);
        }

        json["invocation"] = Invocation(entry.RootInvocation);
        return json;
    }

    private static JsonObject Invocation(SorobanAuthorizedInvocation invocation)
    {
        var json = new JsonObject();
        if (invocation.Function.Call is { } call)
            json["call"] = Call(call);
        if (invocation.Function.Contract is { } contract)
            json["contract"] = Creation(contract);
        if (invocation.SubInvocations.Count != 0)
            json["sub_invocations"] = Array(invocation.SubInvocations, Invocation);
        return json;
    }

    private static string Address(ScAddress address) => address switch
    {
        ScAccountAddress a => a.Account.ToString(),
        ScContractAddress a => StrKey.Encode(StrKeyKind.Contract, a.ContractId.ToArray()),
        ScMuxedAddress a => new MuxedAccount(a.Account, a.Id).ToString(),
        ScClaimableBalanceAddress a => StrKey.Encode(StrKeyKind.ClaimableBalance, [0, .. a.BalanceId.Hash.ToArray()]),
        ScLiquidityPoolAddress a => StrKey.Encode(StrKeyKind.LiquidityPool, a.PoolId.ToArray()),
        _ => throw new ArgumentException($"There is no address of type {address.Type}.", nameof(address)),
    };

    private static JsonObject Value(ScVal value) => new() { [Name(value.Type)] = Inner(value) };

    private static JsonNode? Inner(ScVal value) => value switch
    {
        ScBool v => v.Value,
        ScU32 v => v.Value,
        ScI32 v => v.Value,
        ScU64 v => Number(v.Value),
        ScI64 v => Number(v.Value),
        ScTimepoint v => Number(v.UnixSeconds),
        ScDuration v => Number(v.Seconds),
        ScU128 v => v.Value.ToString(CultureInfo.InvariantCulture),
        ScI128 v => v.Value.ToString(CultureInfo.InvariantCulture),
        ScU256 v => Big(v.BigEndian, isUnsigned: true),
        ScI256 v => Big(v.BigEndian, isUnsigned: false),
        ScErrorVal v => Error(v.Error),
        _ => InnerObject(value),
    };

    private static JsonNode? InnerObject(ScVal value) => value switch
    {
        ScBytes v => v.Value.ToString(),
        ScString v => Text(v.Value),
        ScSymbol v => Text(v.Value),
        ScVec v => v.Items is { } items ? Array(items, Value) : null,
        ScMap v => v.Entries is { } entries ? Array(entries, Entry) : null,
        ScAddressVal v => Address(v.Address),
        ScContractInstance v => new JsonObject
        {
            ["executable"] = Executable(v.Executable),
            ["storage"] = v.Storage is { } storage ? Array(storage, Entry) : null,
        },
        ScLedgerKeyNonce v => Number(v.Nonce),
        _ => null,
    };

    private static JsonObject Entry(ScMapEntry entry) =>
        new() { ["key"] = Value(entry.Key), ["value"] = Value(entry.Value) };

    private static JsonObject Error(ScError error) => new()
    {
        ["type"] = Name(error.Type),
        ["code"] = error.Type == ScErrorType.Contract ? error.Code : Name((ScErrorCode)error.Code),
    };

    private static string Big(Hash bigEndian, bool isUnsigned) =>
        new BigInteger(bigEndian.ToArray(), isUnsigned, isBigEndian: true).ToString(CultureInfo.InvariantCulture);
}
