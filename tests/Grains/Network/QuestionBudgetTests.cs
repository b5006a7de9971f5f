using Microsoft.Extensions.Options;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Tests;

namespace StellarPay.Grains.Tests.Network;

public sealed class QuestionBudgetTests
{
    private readonly TestClock _time = new();
    private readonly QuestionBudget _budget;

    public QuestionBudgetTests() =>
        _budget = new QuestionBudget(Options.Create(new NetworkOptions { QuestionsPerWallet = 4 }), _time);

    [Fact]
    public void A_wallet_may_ask_so_much_at_once_and_then_as_much_as_a_minute_gives_and_no_other_notices()
    {
        UseUp("ada");

        var refused = _budget.Take("ada")!;
        (refused.Kind, refused.Code, refused.RetryAfter).ShouldBe((ErrorKind.RateLimited, "too_many_questions", TimeSpan.FromSeconds(15)));
        _budget.Take("bob").ShouldBeNull();

        _time.Advance(TimeSpan.FromSeconds(14));
        _budget.Take("ada")!.RetryAfter.ShouldBe(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        _budget.Take("ada").ShouldBeNull();
        _budget.Take("ada").ShouldNotBeNull();
    }

    [Fact]
    public void After_a_minute_of_silence_all_of_it_is_there_again_and_no_more()
    {
        UseUp("ada");
        _time.Advance(TimeSpan.FromHours(1));
        UseUp("ada");
        _budget.Take("ada").ShouldNotBeNull();
    }

    [Fact]
    public void Many_other_wallets_do_not_make_it_forget_who_has_asked_too_much()
    {
        UseUp("ada");
        for (var wallet = 0; wallet < 25_000; wallet++)
        {
            _budget.Take($"{wallet}").ShouldBeNull();
        }

        _budget.Take("ada").ShouldNotBeNull();
    }

    private void UseUp(string wallet)
    {
        for (var question = 0; question < 4; question++)
        {
            _budget.Take(wallet).ShouldBeNull();
        }
    }
}
