using StellarPay.Frontdoor.Invoices;

namespace StellarPay.Frontdoor.Tests.Invoices;

/// <summary>From where an invoice goes whither, and what its number begins with.</summary>
public sealed class InvoiceTransitionTests
{
    [Fact]
    public void An_invoice_goes_from_draft_to_open_and_from_there_to_one_end()
    {
        var all = Enum.GetValues<InvoiceStatus>();

        all.SelectMany(from => all.Where(to => InvoiceTransitions.May(from, to)).Select(to => $"{from} {to}")).ShouldBe(
            ["Draft Open", "Open Paid", "Open Void", "Open Uncollectible"]);
    }

    [Theory]
    [InlineData("ACME", "ACME")]
    [InlineData("Ada's Books & Co", "ADASBOOK")]
    [InlineData("7-11", "711")]
    [InlineData("***", "INV")]
    [InlineData("", "INV")]
    public void Its_number_begins_with_what_statements_call_its_merchant(string descriptor, string prefix) =>
        InvoiceDesk.PrefixOf(descriptor).ShouldBe(prefix);

    [Theory]
    [InlineData(1, "ACME-0001")]
    [InlineData(9999, "ACME-9999")]
    [InlineData(2_000_000_000, "ACME-2000000000")]
    public void Its_number_has_four_digits_or_what_it_needs(int sequence, string number) =>
        InvoiceRows.NumberOf("ACME", sequence).ShouldBe(number);
}
