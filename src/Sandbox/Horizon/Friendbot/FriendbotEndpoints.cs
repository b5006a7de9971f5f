using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Horizon.Transactions;
using StellarPay.Sandbox.Network;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Friendbot;

/// <summary>Creates accounts with lumens, and fills up those that have spent theirs.</summary>
internal static class FriendbotEndpoints
{
    /// <summary>In stroops.</summary>
    public const long StartingBalance = 10_000 * StellarAmount.StroopsPerUnit;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/friendbot", FundAsync);
        routes.MapPost("/friendbot", FundAsync);
    }

    private static async Task FundAsync(HttpContext http, SandboxNetwork network)
    {
        var text = http.Request.Query["addr"].ToString();
        if (text.Length == 0 && http.Request.HasFormContentType)
        {
            text = (await http.Request.ReadFormAsync(http.RequestAborted))["addr"].ToString();
        }

        if (!AccountId.TryParse(text, out var account))
        {
            await HorizonAnswer.ProblemAsync(http, HorizonProblem.InvalidField("addr", "invalid address"));
            return;
        }

        var (answered, transaction) = await network.ActAsync(
            network.Keys.Friendbot, state => Plan(state, account), http.RequestAborted);
        if (!answered)
        {
            await HorizonAnswer.ProblemAsync(http, HorizonProblem.Timeout);
        }
        else if (transaction is { Successful: true })
        {
            var request = HorizonPipeline.RequestOf(http, network);
            await HorizonAnswer.ObjectAsync(request, json => TransactionJson.Write(json, request.Links, transaction));
        }
        else if (transaction is null)
        {
            await HorizonAnswer.ProblemAsync(
                http, HorizonProblem.BadRequest("account already funded to starting balance"));
        }
        else
        {
            await HorizonAnswer.ProblemAsync(http, SubmissionProblems.Failed(
                transaction.Hash,
                Convert.ToBase64String(transaction.Envelope.AsSpan()),
                TransactionResult.FromXdr(transaction.Result.AsSpan())));
        }
    }

    private static OperationBody? Plan(StateView state, AccountId account) => state.Account(account) switch
    {
        null => new CreateAccountOperation(account, StartingBalance),
        { Balance: < StartingBalance } => new PaymentOperation(account, Asset.Native, StartingBalance),
        _ => null,
    };
}
