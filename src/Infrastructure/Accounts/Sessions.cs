namespace FollowUp.Infrastructure.Accounts;

/// <summary>A valid session.</summary>
/// <param name="Key">The API key that it began with; null for one that began with a token.</param>
/// <param name="Admission">What admitted its token; all null for a session that began with a key.</param>
/// <param name="IsWritten">Whether its last use is stored precisely enough.</param>
internal sealed record KnownSession(OwnerId Owner, SessionKey? Key, Admission Admission, string Issuer, bool IsBlocked, bool IsWritten);

internal sealed record SessionKey(Guid Id, bool ReadOnly, ApiKeyKind Kind, DateTimeOffset? LastUsedAt);

/// <summary>Browser sessions in PostgreSQL, so that any node accepts them. They are never cached: signing out takes effect at once.</summary>
public sealed class Sessions(NpgsqlDataSource dataSource)
{
    /// <summary>Begins a session with an API key; null for a key that is unknown, revoked or expired.</summary>
    public async Task<string?> BeginWithKey(string key, CancellationToken cancellationToken)
    {
        if (!ApiKey.IsSecret(key))
        {
            return null;
        }

        await using var find = dataSource.CreateCommand(
            "SELECT id, owner_id FROM api_key WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())"
        );
        find.Parameters.Add(new() { Value = ApiKey.HashOf(key) });
        Guid id;
        OwnerId owner;
        await using (var reader = await find.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken))
            {
                return null;
            }

            (id, owner) = (reader.GetGuid(0), new OwnerId(reader.GetGuid(1)));
        }

        return await Begin(owner, id, null, cancellationToken);
    }

    /// <summary>Begins a session with a token and returns its secret.</summary>
    internal Task<string> BeginWithToken(OwnerId owner, Admission admission, CancellationToken cancellationToken) =>
        Begin(owner, key: null, admission, cancellationToken);

    /// <summary>
    /// Begins a session and returns its secret. Each API key has its own limit, so that a leaked key ends no sessions but its own. A batch is one
    /// transaction. It first locks the user, so that concurrent sign-ins wait for each other, and under READ COMMITTED the next statement sees
    /// their sessions. Enrolments lock the user FOR KEY SHARE and do not wait.
    /// </summary>
    /// <param name="key">The API key that it begins with; null for a token.</param>
    /// <param name="admission">What admitted the token; null for a key.</param>
    private async Task<string> Begin(OwnerId owner, Guid? key, Admission? admission, CancellationToken cancellationToken)
    {
        var secret = Session.NewSecret();
        await using var batch = dataSource.CreateBatch();
        batch.BatchCommands.Add(
            new("SELECT 1 FROM app_user WHERE id = $1 FOR NO KEY UPDATE") { Parameters = { new() { Value = owner.Value } } }
        );
        batch.BatchCommands.Add(
            new(
                """
                DELETE FROM session WHERE owner_id = $1 AND (expires_at <= now() OR id_hash IN (
                  SELECT id_hash FROM session WHERE owner_id = $1 AND api_key_id IS NOT DISTINCT FROM $2 AND expires_at > now()
                  ORDER BY created_at DESC, id_hash OFFSET $3))
                """
            )
            {
                Parameters =
                {
                    new() { Value = owner.Value },
                    Uuid(key),
                    new() { Value = (key is null ? Session.MostByToken : Session.MostByKey) - 1 },
                },
            }
        );
        batch.BatchCommands.Add(
            new(
                """
                INSERT INTO session (id_hash, owner_id, api_key_id, authority, required_claim, operator_rule, created_at, used_at, expires_at)
                VALUES ($1, $2, $3, $4, $5, $6, now(), now(), now() + $7)
                """
            )
            {
                Parameters =
                {
                    new() { Value = Session.HashOf(secret) },
                    new() { Value = owner.Value },
                    Uuid(key),
                    Text(admission?.Authority),
                    Text(admission?.RequiredClaim),
                    Text(admission?.OperatorRule),
                    new() { Value = Session.IdleTime },
                },
            }
        );
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return secret;
    }

    /// <summary>Ends a session of a user; false if the user has no such session. Locks its row.</summary>
    public async Task<bool> End(OwnerId owner, string secret, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("DELETE FROM session WHERE id_hash = $1 AND owner_id = $2");
        command.Parameters.Add(new() { Value = Session.HashOf(secret) });
        command.Parameters.Add(new() { Value = owner.Value });
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    /// <summary>Ends all sessions of a user, or only those that began with an API key. Locks their rows, which no transaction holds for long.</summary>
    public async Task EndAll(OwnerId owner, Guid? key, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("DELETE FROM session WHERE owner_id = $1 AND ($2 IS NULL OR api_key_id = $2)");
        command.Parameters.Add(new() { Value = owner.Value });
        command.Parameters.Add(Uuid(key));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Locks nothing. Null for a session that is unknown, expired or ended, or whose API key is revoked or expired.</summary>
    internal async Task<KnownSession?> Find(string secret, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT s.owner_id, s.api_key_id, k.read_only, k.kind, k.last_used_at, s.authority, s.required_claim, s.operator_rule, u.issuer,
                   EXISTS (SELECT 1 FROM blocked_owner b WHERE b.owner_id = s.owner_id), s.used_at > now() - $2
            FROM session s JOIN app_user u ON u.id = s.owner_id LEFT JOIN api_key k ON k.id = s.api_key_id
            WHERE s.id_hash = $1 AND s.expires_at > now()
              AND (k.id IS NULL OR (k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())))
            """
        );
        command.Parameters.Add(new() { Value = Session.HashOf(secret) });
        command.Parameters.Add(new() { Value = Session.UseInterval });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new KnownSession(
                new OwnerId(reader.GetGuid(0)),
                reader.IsDBNull(1)
                    ? null
                    : new SessionKey(
                        reader.GetGuid(1),
                        reader.GetBoolean(2),
                        DbEnumNames.Read<ApiKeyKind>(reader.GetString(3)),
                        reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4)
                    ),
                new Admission(TextAt(reader, 5), TextAt(reader, 6), TextAt(reader, 7)),
                reader.GetString(8),
                reader.GetBoolean(9),
                reader.GetBoolean(10)
            )
            : null;
    }

    /// <summary>
    /// Records a use, which extends the session. Locks its row; of concurrent uses the first one writes, because the others re-check the
    /// condition after they waited for it.
    /// </summary>
    internal async Task NoteUse(string secret, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            UPDATE session SET used_at = now(), expires_at = least(now() + $2, created_at + $3)
            WHERE id_hash = $1 AND used_at <= now() - $4
            """
        );
        command.Parameters.Add(new() { Value = Session.HashOf(secret) });
        command.Parameters.Add(new() { Value = Session.IdleTime });
        command.Parameters.Add(new() { Value = Session.LongestTime });
        command.Parameters.Add(new() { Value = Session.UseInterval });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter Uuid(Guid? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid };

    private static NpgsqlParameter Text(string? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text };

    private static string? TextAt(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
