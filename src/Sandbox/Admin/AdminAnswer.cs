using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Horizon.Transactions;
using StellarPay.Sandbox.Network;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Admin;

/// <summary>Answers with the transaction of one of the sandbox's own accounts.</summary>
internal static class AdminAnswer
{
    public static Task TransactionAsync(
        HttpContext http, SandboxNetwork network, bool answered, HistoryTransaction? transaction)
    {
        if (!answered || transaction is null)
        {
            return HorizonAnswer.ProblemAsync(http, HorizonProblem.Timeout);
        }

        if (!transaction.Successful)
        {
            return HorizonAnswer.ProblemAsync(http, SubmissionProblems.Failed(
                transaction.Hash,
                Convert.ToBase64String(transaction.Envelope.AsSpan()),
                TransactionResult.FromXdr(transaction.Result.AsSpan())));
        }

        var request = HorizonPipeline.RequestOf(http, network);
        return HorizonAnswer.ObjectAsync(request, json => TransactionJson.Write(json, request.Links, transaction));
    }
}
