using System.Text.Json.Nodes;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Conformance.Tests.Transactions;

/// <summary>Random operations of every classic kind, each with the call of the JS SDK that makes the same.</summary>
internal static class RandomOperations
{
    public static readonly IReadOnlyList<Func<RandomValues, Told<OperationBody>>> Kinds =
    [
        CreateAccount, Payment, PathPaymentStrictReceive, PathPaymentStrictSend, ManageSellOffer, ManageBuyOffer,
        CreatePassiveSellOffer, RandomSettings.SetOptions, ChangeTrust, AllowTrust, SetTrustLineFlags, AccountMerge,
        ManageData, BumpSequence, CreateClaimableBalance, ClaimClaimableBalance, ClawbackClaimableBalance, Clawback,
        BeginSponsoring, EndSponsoring, RandomSettings.RevokeSponsorship, Inflation, PoolDeposit, PoolWithdraw,
    ];

    public static Told<OperationBody> Call(string name, OperationBody body, JsonObject? arguments = null) =>
        new(body, new JsonObject { ["call"] = name, ["with"] = arguments ?? [] });

    private static Told<OperationBody> CreateAccount(RandomValues random)
    {
        var (destination, balance) = (random.Account(), random.Amount());
        return Call("createAccount", new CreateAccountOperation(destination.Value, balance.Value), new JsonObject
        {
            ["destination"] = destination.Json, ["startingBalance"] = balance.Json,
        });
    }

    private static Told<OperationBody> Payment(RandomValues random)
    {
        var (destination, asset, amount) = (random.Muxed(), random.AnyAsset(), random.Amount(1));
        return Call("payment", new PaymentOperation(destination.Value, asset.Value, amount.Value), new JsonObject
        {
            ["destination"] = destination.Json, ["asset"] = asset.Json, ["amount"] = amount.Json,
        });
    }

    private static Told<OperationBody> PathPaymentStrictReceive(RandomValues random)
    {
        var (sent, most, to) = (random.AnyAsset(), random.Amount(1), random.Muxed());
        var (asset, amount, path) = (random.AnyAsset(), random.Amount(1), random.Many(0, 5, random.AnyAsset));
        return Call(
            "pathPaymentStrictReceive",
            new PathPaymentStrictReceiveOperation(
                sent.Value, most.Value, to.Value, asset.Value, amount.Value, path.Select(hop => hop.Value).ToValueList()),
            new JsonObject
            {
                ["sendAsset"] = sent.Json, ["sendMax"] = most.Json, ["destination"] = to.Json,
                ["destAsset"] = asset.Json, ["destAmount"] = amount.Json, ["path"] = RandomValues.Tell(path),
            });
    }

    private static Told<OperationBody> PathPaymentStrictSend(RandomValues random)
    {
        var (sent, amount, to) = (random.AnyAsset(), random.Amount(1), random.Muxed());
        var (asset, least, path) = (random.AnyAsset(), random.Amount(1), random.Many(0, 5, random.AnyAsset));
        return Call(
            "pathPaymentStrictSend",
            new PathPaymentStrictSendOperation(
                sent.Value, amount.Value, to.Value, asset.Value, least.Value, path.Select(hop => hop.Value).ToValueList()),
            new JsonObject
            {
                ["sendAsset"] = sent.Json, ["sendAmount"] = amount.Json, ["destination"] = to.Json,
                ["destAsset"] = asset.Json, ["destMin"] = least.Json, ["path"] = RandomValues.Tell(path),
            });
    }

    private static Told<OperationBody> ManageSellOffer(RandomValues random)
    {
        var (selling, buying, amount) = (random.AnyAsset(), random.AnyAsset(), random.Amount());
        var (price, id) = (random.Price(), random.Number());
        return Call(
            "manageSellOffer",
            new ManageSellOfferOperation(selling.Value, buying.Value, amount.Value, price.Value, id.Value),
            new JsonObject
            {
                ["selling"] = selling.Json, ["buying"] = buying.Json, ["amount"] = amount.Json,
                ["price"] = price.Json, ["offerId"] = id.Json,
            });
    }

    private static Told<OperationBody> ManageBuyOffer(RandomValues random)
    {
        var (selling, buying, amount) = (random.AnyAsset(), random.AnyAsset(), random.Amount());
        var (price, id) = (random.Price(), random.Number());
        return Call(
            "manageBuyOffer",
            new ManageBuyOfferOperation(selling.Value, buying.Value, amount.Value, price.Value, id.Value),
            new JsonObject
            {
                ["selling"] = selling.Json, ["buying"] = buying.Json, ["buyAmount"] = amount.Json,
                ["price"] = price.Json, ["offerId"] = id.Json,
            });
    }

    private static Told<OperationBody> CreatePassiveSellOffer(RandomValues random)
    {
        var (selling, buying) = (random.AnyAsset(), random.AnyAsset());
        var (amount, price) = (random.Amount(1), random.Price());
        return Call(
            "createPassiveSellOffer",
            new CreatePassiveSellOfferOperation(selling.Value, buying.Value, amount.Value, price.Value),
            new JsonObject
            {
                ["selling"] = selling.Json, ["buying"] = buying.Json, ["amount"] = amount.Json, ["price"] = price.Json,
            });
    }

    private static Told<OperationBody> ChangeTrust(RandomValues random)
    {
        var (asset, limit) = (random.Credit(), random.Amount());
        return Call("changeTrust", new ChangeTrustOperation(asset.Value, limit.Value), new JsonObject
        {
            ["asset"] = asset.Json, ["limit"] = limit.Json,
        });
    }

    private static Told<OperationBody> AllowTrust(RandomValues random)
    {
        var (trustor, code, authorize) = (random.Account(), random.Text(1, 12), random.Small(2));
        return Call("allowTrust", new AllowTrustOperation(trustor.Value, AssetCode.Parse(code), authorize), new JsonObject
        {
            ["trustor"] = trustor.Json, ["assetCode"] = code, ["authorize"] = authorize,
        });
    }

    private static Told<OperationBody> SetTrustLineFlags(RandomValues random)
    {
        var (trustor, asset, set, clear) = (random.Account(), random.Credit(), random.Small(3), random.Small(7));
        clear &= ~set;
        var flags = new JsonObject();
        foreach (var (flag, name) in ((uint, string)[])
            [(1, "authorized"), (2, "authorizedToMaintainLiabilities"), (4, "clawbackEnabled")])
        {
            if (((set | clear) & flag) != 0)
            {
                flags[name] = (set & flag) != 0;
            }
        }

        return flags.Count == 0
            ? SetTrustLineFlags(random)
            : Call(
                "setTrustLineFlags",
                new SetTrustLineFlagsOperation(trustor.Value, asset.Value, clear, set),
                new JsonObject { ["trustor"] = trustor.Json, ["asset"] = asset.Json, ["flags"] = flags });
    }

    private static Told<OperationBody> AccountMerge(RandomValues random)
    {
        var destination = random.Muxed();
        return Call(
            "accountMerge", new AccountMergeOperation(destination.Value), new JsonObject { ["destination"] = destination.Json });
    }

    private static Told<OperationBody> ManageData(RandomValues random)
    {
        var (name, value) = (random.Text(1, 64), random.Maybe() ? random.Some(1 + random.Below(64)) : null);
        return Call(
            "manageData",
            new ManageDataOperation(name, value is null ? null : Bytes.Create(value)),
            new JsonObject { ["name"] = name, ["value"] = value is null ? null : Convert.ToBase64String(value) });
    }

    private static Told<OperationBody> BumpSequence(RandomValues random)
    {
        var to = random.Number();
        return Call("bumpSequence", new BumpSequenceOperation(to.Value), new JsonObject { ["bumpTo"] = to.Json });
    }

    private static Told<OperationBody> CreateClaimableBalance(RandomValues random)
    {
        var (asset, amount) = (random.AnyAsset(), random.Amount(1));
        var claimants = random.Many(1, 10, () =>
        {
            var (destination, predicate) = (random.Account(), random.Predicate());
            return new Told<Claimant>(
                new Claimant(destination.Value, predicate.Value),
                new JsonObject { ["destination"] = destination.Json, ["predicate"] = predicate.Json });
        });
        return Call(
            "createClaimableBalance",
            new CreateClaimableBalanceOperation(
                asset.Value, amount.Value, claimants.Select(claimant => claimant.Value).ToValueList()),
            new JsonObject
            {
                ["asset"] = asset.Json, ["amount"] = amount.Json, ["claimants"] = RandomValues.Tell(claimants),
            });
    }

    private static Told<OperationBody> ClaimClaimableBalance(RandomValues random)
    {
        var id = random.BalanceId();
        return Call(
            "claimClaimableBalance", new ClaimClaimableBalanceOperation(id.Value), new JsonObject { ["balanceId"] = id.Json });
    }

    private static Told<OperationBody> ClawbackClaimableBalance(RandomValues random)
    {
        var id = random.BalanceId();
        return Call(
            "clawbackClaimableBalance",
            new ClawbackClaimableBalanceOperation(id.Value),
            new JsonObject { ["balanceId"] = id.Json });
    }

    private static Told<OperationBody> Clawback(RandomValues random)
    {
        var (asset, from, amount) = (random.Credit(), random.Muxed(), random.Amount(1));
        return Call("clawback", new ClawbackOperation(asset.Value, from.Value, amount.Value), new JsonObject
        {
            ["asset"] = asset.Json, ["from"] = from.Json, ["amount"] = amount.Json,
        });
    }

    private static Told<OperationBody> BeginSponsoring(RandomValues random)
    {
        var sponsored = random.Account();
        return Call(
            "beginSponsoringFutureReserves",
            new BeginSponsoringFutureReservesOperation(sponsored.Value),
            new JsonObject { ["sponsoredId"] = sponsored.Json });
    }

    private static Told<OperationBody> EndSponsoring(RandomValues random) =>
        Call("endSponsoringFutureReserves", EndSponsoringFutureReservesOperation.Instance);

    private static Told<OperationBody> Inflation(RandomValues random) => Call("inflation", InflationOperation.Instance);

    private static Told<OperationBody> PoolDeposit(RandomValues random)
    {
        var (pool, a, b) = (random.Hash(), random.Amount(1), random.Amount(1));
        var (least, most) = (random.Price(), random.Price());
        return Call(
            "liquidityPoolDeposit",
            new LiquidityPoolDepositOperation(pool.Value, a.Value, b.Value, least.Value, most.Value),
            new JsonObject
            {
                ["liquidityPoolId"] = pool.Json, ["maxAmountA"] = a.Json, ["maxAmountB"] = b.Json,
                ["minPrice"] = least.Json, ["maxPrice"] = most.Json,
            });
    }

    private static Told<OperationBody> PoolWithdraw(RandomValues random)
    {
        var (pool, amount, a, b) = (random.Hash(), random.Amount(1), random.Amount(), random.Amount());
        return Call(
            "liquidityPoolWithdraw",
            new LiquidityPoolWithdrawOperation(pool.Value, amount.Value, a.Value, b.Value),
            new JsonObject
            {
                ["liquidityPoolId"] = pool.Json, ["amount"] = amount.Json, ["minAmountA"] = a.Json, ["minAmountB"] = b.Json,
            });
    }
}
