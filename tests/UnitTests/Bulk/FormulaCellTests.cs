using System.Text;
using CsCheck;
using FollowUp.Application;
using FollowUp.Application.Bulk;
using FollowUp.Infrastructure.Recipients;

namespace FollowUp.UnitTests.Bulk;

/// <summary>An apostrophe that an export wrote is taken away when its file is read, and no other one.</summary>
public sealed class FormulaCellTests
{
    [Fact]
    public void Reading_reverts_exactly_the_escaping_of_writing() =>
        Gen.String[Gen.Char["'=+-@\t\r\n＝＋－＠a1"], 0, 6].Sample(text => FormulaCell.Read(FormulaCell.Write(text)).ShouldBe(text));

    [Theory]
    [InlineData("'+4915112345678", "+4915112345678")]
    [InlineData("''+4915112345678", "'+4915112345678")]
    [InlineData("'kim'@example.org", "'kim'@example.org")]
    [InlineData("''kim@example.org", "''kim@example.org")]
    public async Task A_list_of_addresses_loses_one_apostrophe_before_a_formula_and_none_elsewhere(string cell, string address)
    {
        using var body = new MemoryStream(Encoding.UTF8.GetBytes($"address\n{cell}\n"));

        var rows = new SuppressionReader().Read(body, BulkFormat.Csv, null, CancellationToken.None);

        await foreach (var row in rows)
        {
            row.Input.ShouldNotBeNull().Address.ShouldBe(address);
        }
    }
}
