using Ardalis.Result;

namespace FollowUp.Simulation;

/// <summary>Runs a command in one transaction, and again when the connection breaks, as the product does.</summary>
internal sealed class Transactions(ModelStore store, IWire wire, SimulatedProcess process, Scheduler scheduler, SeededRandom random)
{
    private const int MostTries = 5;
    private readonly List<Session> _open = [];

    /// <summary>Runs a command.</summary>
    /// <param name="command">Makes the handler over the session's ports, and calls it.</param>
    /// <returns>Its answer. Throws <see cref="ConnectionLostException"/> when the store could not be reached for long.</returns>
    public async Task<Result<T>> Run<T>(Func<Ports, Task<Result<T>>> command)
    {
        for (var run = 1; ; run++)
        {
            var session = new Session(store, wire, process.Name);
            _open.Add(session);
            try
            {
                var answer = await command(new Ports(session, store, store.Options, process.Time));
                if (!answer.IsSuccess)
                {
                    session.Abort();
                    return answer;
                }

                if (await Commit(session))
                {
                    return answer;
                }
            }
            catch (ConnectionLostException)
            {
                Sever(session);
                if (run == MostTries)
                {
                    throw;
                }
            }
            finally
            {
                _open.Remove(session);
            }

            await process.Delay(random.Between(0.01, 0.1), "runs again");
        }
    }

    /// <summary>Aborts all open transactions after a while: PostgreSQL notices later that the process is gone.</summary>
    public void Sever() => _open.ForEach(Sever);

    /// <summary>Asks until there is an answer. Aborts a transaction that is still open, which decides its outcome.</summary>
    private async Task<bool> Committed(Session session, Func<bool> committed)
    {
        while (true)
        {
            try
            {
                return await wire.Ask<bool>(
                    "asks for the transaction",
                    session.Subject,
                    give =>
                    {
                        session.Abort();
                        give(committed());
                    }
                );
            }
            catch (ConnectionLostException)
            {
                await process.Delay(TimeSpan.FromMilliseconds(100), "asks again");
            }
        }
    }

    /// <summary>Commits. If the answer is lost, asks for the outcome.</summary>
    private async Task<bool> Commit(Session session)
    {
        var committed = false;
        try
        {
            return await wire.Ask<bool>(
                "commits",
                session.Subject,
                give =>
                {
                    var now = session.Commit();
                    committed |= now;
                    give(now);
                }
            );
        }
        catch (ConnectionLostException)
        {
            if (!await Committed(session, () => committed))
            {
                throw;
            }

            return true;
        }
    }

    private void Sever(Session session) => scheduler.In(random.Between(0, 30), null, "transaction severed", session.Subject, session.Abort);
}
