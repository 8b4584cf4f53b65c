using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace FollowUp.Infrastructure.Accounts;

/// <summary>
/// The keys that encrypt the state of a sign-in, among the secrets that the nodes share. The interface is synchronous; keys are read about once a
/// day and created every 90 days.
/// </summary>
internal sealed class SqlDataProtectionKeys(NpgsqlDataSource dataSource) : IXmlRepository
{
    private const string Prefix = "dataProtection/";

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        // Locks nothing.
        using var command = dataSource.CreateCommand("SELECT value FROM secret WHERE starts_with(name, $1) ORDER BY created_at");
        command.Parameters.Add(new() { Value = Prefix });
        using var reader = command.ExecuteReader();
        List<XElement> elements = [];
        while (reader.Read())
        {
            elements.Add(XElement.Parse(Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(0))));
        }

        return elements;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        // Locks the inserted row only. The name contains the key's id, so two nodes that create a key at once store two.
        using var command = dataSource.CreateCommand(
            "INSERT INTO secret (name, value, created_at) VALUES ($1, $2, now()) ON CONFLICT (name) DO NOTHING"
        );
        command.Parameters.Add(new() { Value = Prefix + friendlyName });
        command.Parameters.Add(new() { Value = Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting)) });
        command.ExecuteNonQuery();
    }
}
