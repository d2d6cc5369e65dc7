"""The settings file that is written when something is first saved and there is none."""

STARTER_TEXT = """\
# Settings and macros of mdxdash. A line that begins with # says nothing; what stands behind it is
# the default, so take the # away and change it. Environment variables (MDXDASH_PORT) and options
# (--port) win over this file.

version = 1

# [hub]
# host = "localhost"       # "0.0.0.0" lets agents on other machines in
# port = 9001              # 0 takes a free one
# path = "/chat"           # Plugin_Remote_Websocket_Directory of the agent's .mdf
# silent_after = "60s"     # an agent that answers no ping for so long is shown as silent
# linger = "60s"           # how long a hub without a terminal waits for an agent
# queue = 10000            # lines that may wait for one agent
# allow_origins = []       # web pages that may connect: ["http://localhost:3000"]

# exclusive = false        # true: one agent a path, the next is told to try /chat-1
# max_agents = 64
# handshake_timeout = "5s"
# half_open = 128          # connections that have not asked for anything yet
# request_bytes = "16 KiB"
# frame_bytes = "64 KiB"
# frame_timeout = "10s"    # for a message that has begun
# unread_bytes = "1 MiB"   # for a connection that does not read
# insecure = false         # true: other addresses than loopback need no secret
# relay_guard = false      # with `relay`: repair what would harm an agent, or hold it back
# relay_bytes = "16 MiB"   # kept of what an agent says while the server of `relay` is away
# tap = false              # true: other programs share the agents at ws://localhost:9001/tap
# tap_bytes = "4 MiB"      # that may wait for one of them; a slower one is dropped
#   There are also `relay` ("ws://localhost:9002/chat", your own server behind mdxdash), `secret`
#   (`mdxdash secret --save` makes one), and `tls_cert` and `tls_key` for wss:// (`mdxdash cert`).

# [log]
# events = 200000          # events kept in memory
# bytes = "512 MiB"        # that they may take, about

# [recording]
# enabled = true
# sessions = 50            # older recordings are removed
# bytes = "2 GiB"          # and so they are when all together are larger
# waiting = "64 MiB"       # kept in memory while the disk takes nothing

# A macro. `every` makes it fire again and again, `target` names one agent ("chat"), some
# ("chat*"), or a group of them, which a table called groups names: left = ["chat", "chat-1"].
# `send` may be a list of lines: ["FIRST|1", "SECOND|2"]. `on` makes it answer an event:
#   on = "type:RECOG_EVENT_STOP hello". In place of `send` it may have `steps`:
#   steps = [
#     { send = "SYNTH_START|0|mei_voice_normal|Hello" },
#     { wait = "type:SYNTH_EVENT_STOP args:0", timeout = "30s" },
#   ]
"""
